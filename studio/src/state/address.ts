/** What the page shows as an address, so that a link reproduces it; and back. */
import type { Unit, View } from "../api/types";

export const TABS = ["browse", "coverage", "texts", "runs"] as const;
export type Tab = (typeof TABS)[number];
export type Colouring = "type" | "community" | "coverage";
export const UNITS: readonly Unit[] = ["entities", "relations", "triangles", "pairs"];
export const STATUSES = ["accepted", "edited", "rejected", "stale"] as const;
export const LIMITS = ["target", "usd", "tokens", "texts"] as const;
export type Limit = (typeof LIMITS)[number];

/** What the tab Coverage reckons; `amount` is a share for a target, else what the name of the limit says. */
export interface Reckoned {
  unit: Unit;
  times: number;
  sampler: string;
  limit: Limit;
  amount: number;
  model: string;
}
/** Which texts the tab Texts lists; empty for any. */
export interface Sought {
  status: string;
  reason: string;
  words: string;
}
/** The part of the ground that is seen: its middle, in the unit of the nodes' places, and how far away it is seen from. */
export interface Camera {
  x: number;
  y: number;
  ratio: number;
}

/** Everything that a link carries. `after` is the place of the slider: colour by the first so many texts. */
export interface Place {
  tab: Tab;
  view: Required<View>;
  selected: readonly string[];
  /** Nodes that were put in a place by hand. */
  pinned: readonly { id: string; x: number; y: number }[];
  colouring: Colouring;
  after: number | null;
  text: string | null;
  run: string | null;
  document: { id: string; at: number } | null;
  /** Null where all is seen. */
  camera: Camera | null;
  coverage: Reckoned;
  texts: Sought;
}

export const START: Place = {
  tab: "browse",
  view: {
    top: 150,
    around: null,
    hops: 1,
    added: [],
    expanded: [],
    hidden: [],
    types: [],
    labels: [],
    documents: [],
    least_weight: 0,
  },
  selected: [],
  pinned: [],
  colouring: "type",
  after: null,
  text: null,
  run: null,
  document: null,
  camera: null,
  coverage: { unit: "relations", times: 1, sampler: "edges", limit: "target", amount: 0.9, model: "" },
  texts: { status: "", reason: "", words: "" },
};

/** What each question begins with. */
export const AMOUNTS: Record<Limit, number> = { target: 0.9, usd: 1, tokens: 100_000, texts: 100 };

const EXPANDED = 50;
const LISTS = { added: "add", hidden: "hide", documents: "doc" } as const;
const NAMES = { types: "type", labels: "label" } as const;

/** The address of a place, beginning with "#/"; what is as it starts is left out. */
export function addressOf(place: Place): string {
  const { view } = place;
  const query = new URLSearchParams();
  if (view.top !== START.view.top) query.set("top", String(view.top));
  if (view.around) query.set("around", view.around);
  if (view.hops !== 1) query.set("hops", String(view.hops));
  for (const [key, name] of entries(LISTS)) if (view[key].length) query.set(name, view[key].join("."));
  if (view.expanded.length) {
    const one = ({ entity, count }: { entity: string; count?: number }) =>
      count === undefined || count === EXPANDED ? entity : `${entity}-${count}`;
    query.set("open", view.expanded.map(one).join("."));
  }
  for (const [key, name] of entries(NAMES)) for (const value of view[key]) query.append(name, value);
  if (view.least_weight) query.set("weight", String(view.least_weight));
  if (place.selected.length) query.set("sel", place.selected.join("."));
  if (place.pinned.length) {
    query.set("pin", place.pinned.map(({ id, x, y }) => `${id}_${Math.round(x)}_${Math.round(y)}`).join("."));
  }
  if (place.colouring !== "type") query.set("colour", place.colouring);
  if (place.after !== null) query.set("after", String(place.after));
  if (place.text) query.set("text", place.text);
  if (place.run) query.set("run", place.run);
  if (place.document) query.set("read", `${place.document.id}-${place.document.at}`);
  if (place.camera) query.set("camera", [place.camera.x, place.camera.y, place.camera.ratio].join("_"));
  const usual = { ...START.coverage, amount: AMOUNTS[place.coverage.limit], ...START.texts };
  const start = new Map<string, unknown>(Object.entries(usual));
  for (const [key, value] of Object.entries({ ...place.coverage, ...place.texts })) {
    if (value !== start.get(key)) query.set(key, String(value));
  }
  return `#/${place.tab}${query.size ? `?${query}` : ""}`;
}

/** The place that an address names; what cannot be read is as it starts. */
export function placeOf(address: string): Place {
  const [path = "", search = ""] = address.replace(/^#\/?/, "").split("?", 2);
  const query = new URLSearchParams(search);
  const ids = (name: string) => (query.get(name) ?? "").split(".").filter(isId);
  const tab = TABS.find((one) => one === path) ?? START.tab;
  const colouring = (["community", "coverage"] as const).find((one) => one === query.get("colour")) ?? "type";
  const around = query.get("around");
  const [document = "", at = "0"] = (query.get("read") ?? "").split("-");
  const after = query.get("after");
  return {
    tab,
    view: {
      top: whole(query.get("top"), START.view.top, 0, 2000),
      around: around && isId(around) ? around : null,
      hops: whole(query.get("hops"), 1, 0, 4),
      added: ids("add"),
      expanded: (query.get("open") ?? "").split(".").flatMap((part) => {
        const [entity = "", count] = part.split("-");
        return isId(entity) ? [{ entity, count: whole(count ?? null, EXPANDED, 1, 2000) }] : [];
      }),
      hidden: ids("hide"),
      types: query.getAll("type"),
      labels: query.getAll("label"),
      documents: ids("doc"),
      least_weight: Math.max(0, Number(query.get("weight")) || 0),
    },
    selected: ids("sel"),
    pinned: (query.get("pin") ?? "").split(".").flatMap((part) => {
      const [id = "", x, y] = part.split("_");
      return isId(id) ? [{ id, x: Number(x) || 0, y: Number(y) || 0 }] : [];
    }),
    colouring,
    after: after === null ? null : whole(after, 0, 0, Number.MAX_SAFE_INTEGER),
    text: idOrNull(query.get("text")),
    run: query.get("run"),
    document: isId(document) ? { id: document, at: whole(at, 0, 0, Number.MAX_SAFE_INTEGER) } : null,
    camera: cameraOf(query.get("camera")),
    coverage: reckonedOf(query),
    texts: { status: STATUSES.find((one) => one === query.get("status")) ?? "", reason: query.get("reason") ?? "", words: query.get("words") ?? "" },
  };
}

function cameraOf(text: string | null): Camera | null {
  const [x, y, ratio] = (text ?? "").split("_").map(Number);
  const known = [x, y, ratio].every((one) => one !== undefined && Number.isFinite(one));
  return known && ratio! > 0 ? { x: x!, y: y!, ratio: Math.min(8, Math.max(0.02, ratio!)) } : null;
}

function reckonedOf(query: URLSearchParams): Reckoned {
  const start = START.coverage;
  const limit = LIMITS.find((one) => one === query.get("limit")) ?? start.limit;
  const amount = Number(query.get("amount"));
  const fits = query.has("amount") && Number.isFinite(amount) && (limit === "target" ? amount >= 0.01 && amount <= 1 : amount >= 0);
  return {
    unit: UNITS.find((one) => one === query.get("unit")) ?? start.unit,
    times: whole(query.get("times"), start.times, 1, 100),
    sampler: query.get("sampler") ?? start.sampler,
    limit,
    amount: fits ? amount : AMOUNTS[limit],
    model: query.get("model") ?? start.model,
  };
}

/** Whether it has the form of an id: 32 hex digits. */
export function isId(text: string): boolean {
  return /^[0-9a-f]{32}$/.test(text);
}

function idOrNull(text: string | null): string | null {
  return text !== null && isId(text) ? text : null;
}

function whole(text: string | null, otherwise: number, least: number, most: number): number {
  const value = text === null || text === "" ? Number.NaN : Number(text);
  return Number.isFinite(value) ? Math.min(most, Math.max(least, Math.round(value))) : otherwise;
}

function entries<Key extends string, Value>(record: Record<Key, Value>): [Key, Value][] {
  return Object.entries(record) as [Key, Value][];
}
