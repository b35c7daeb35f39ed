/** What the page shows now: one place, kept in the address; back and forward are the browser's. */
import { batch, computed, effect, signal } from "@preact/signals";
import { api, Refused } from "../api/client";
import type { Corpus, Picture } from "../api/types";
import { addressOf, type Place, placeOf } from "./address";

export const place = signal<Place>(placeOf(globalThis.location?.hash ?? ""));
export const corpus = signal<Corpus | null>(null);
export const picture = signal<Picture | null>(null);
/** Why there is no newer picture; empty where all is well. */
export const trouble = signal("");
export const loading = signal(false);
/** The newest generation of the store that the event stream told of. */
export const newest = signal(0);
export const stale = computed(() => picture.value !== null && newest.value > picture.value.generation);
/** Counts up when the store was changed from here, or newer data was asked for: what is shown is fetched again. */
export const fetched = signal(0);
export const announced = signal("");

export const selected = computed(() => place.value.selected);
export const onScreen = computed(() => new Map((picture.value?.nodes ?? []).map((node) => [node.id, node])));

const WRITTEN_MS = 350;
let unwritten: ReturnType<typeof setTimeout> | undefined;

/** The address of this place into the bar, in place of the last. */
function write(): void {
  clearTimeout(unwritten);
  unwritten = undefined;
  try {
    history.replaceState(null, "", addressOf(place.peek()));
  } catch {
    // a browser that has had enough for the moment: the next change is written again
  }
}

/**
 * Go to a place: a new entry in the browser's history, unless only `instead` of the last. What changes with every move
 * of a hand comes into the address a moment later: browsers take only so many a second.
 */
export function go(change: Partial<Place>, { instead = false } = {}): void {
  const next = { ...place.peek(), ...change };
  const address = addressOf(next);
  if (address === addressOf(place.peek())) return;
  if (instead) {
    place.value = next;
    unwritten ??= setTimeout(write, WRITTEN_MS);
    return;
  }
  if (unwritten !== undefined) write();
  history.pushState(null, "", address);
  place.value = next;
}

/** The place that the address in the bar names: the browser went there. */
function arrive(): void {
  clearTimeout(unwritten);
  unwritten = undefined;
  place.value = placeOf(location.hash);
}

/** Change what is on screen and nothing else. */
export function look(change: Partial<Place["view"]>, rest: Partial<Place> = {}): void {
  go({ ...rest, view: { ...place.peek().view, ...change } });
}

export function select(ids: readonly string[], { instead = false } = {}): void {
  go({ selected: [...new Set(ids)], document: null }, { instead });
}

export function toggle(id: string): void {
  const now = place.peek().selected;
  select(now.includes(id) ? now.filter((one) => one !== id) : [...now, id]);
}

export function expand(id: string, more = 0): void {
  const { view } = place.peek();
  const known = view.expanded.find((one) => one.entity === id);
  const count = Math.min(2000, (known?.count ?? (more ? 0 : 50)) + more);
  look({
    expanded: [...view.expanded.filter((one) => one.entity !== id), { entity: id, count }],
    hidden: view.hidden.filter((one) => one !== id),
  });
}

export function collapse(id: string): void {
  look({ expanded: place.peek().view.expanded.filter((one) => one.entity !== id) });
}

export function hide(ids: readonly string[]): void {
  const { view, selected } = place.peek();
  look({ hidden: [...new Set([...view.hidden, ...ids])] }, { selected: selected.filter((one) => !ids.includes(one)) });
}

/** Have an entity on screen and selected, wherever it is. */
export function goTo(id: string): void {
  const { view } = place.peek();
  if (onScreen.peek().has(id)) return go({ tab: "browse", selected: [id], document: null });
  look(
    { added: [...new Set([...view.added, id])], hidden: view.hidden.filter((one) => one !== id) },
    { tab: "browse", selected: [id], document: null },
  );
}

/** Say something to those who do not see the picture. */
export function announce(words: string): void {
  announced.value = words;
}

export function refresh(): void {
  fetched.value += 1;
}

/** Fetch what the place asks for, now and whenever it changes. */
export function start(): void {
  addEventListener("popstate", arrive);
  addEventListener("hashchange", arrive);
  addEventListener("pagehide", () => unwritten !== undefined && write());
  const view = computed(() => JSON.stringify(place.value.view));
  let under: AbortController | null = null;
  effect(() => {
    const asked = view.value;
    fetched.value;
    under?.abort();
    const control = new AbortController();
    under = control;
    loading.value = true;
    Promise.all([api.view(JSON.parse(asked), control.signal), api.corpus(control.signal)]).then(
      ([seen, known]) =>
        batch(() => {
          picture.value = seen;
          corpus.value = known;
          newest.value = Math.max(newest.value, seen.generation);
          trouble.value = "";
          loading.value = false;
        }),
      (problem: unknown) => {
        if (control.signal.aborted) return;
        trouble.value = problem instanceof Refused ? problem.message : String(problem);
        loading.value = false;
      },
    );
  });
}
