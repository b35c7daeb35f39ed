/**
 * The server's event stream: runs as they go, texts as they come, newer data. It connects again by itself.
 * One tab of a browser listens and tells the others: a browser opens six connections to a server at most, and every
 * stream keeps one.
 */
import { signal } from "@preact/signals";
import type { RunEvent } from "../api/types";
import { newest } from "./page";

/** Whether the stream is open; false while the server is away. */
export const connected = signal(true);
const watchers = new Set<(event: RunEvent) => void>();
const AWAY_MS = 1500;

/** Be told of every event; the function that is returned ends it. */
export function watch(onEvent: (event: RunEvent) => void): () => void {
  watchers.add(onEvent);
  return () => watchers.delete(onEvent);
}

/** What a tab is told: that the stream is open, open again after events may have been missed, or gone; or an event. */
type Heard = "here" | "back" | "away" | RunEvent;

/** Hear of events from now on; `onBack` is called when some may have been missed. */
export function listen(onBack: () => void): void {
  const others = new BroadcastChannel("entigraph-events");
  const hear = (heard: Heard) => (typeof heard === "string" ? stood(heard, onBack) : happened(heard));
  const tell = (heard: Heard) => {
    hear(heard);
    others.postMessage(heard);
  };
  others.onmessage = ({ data }: MessageEvent<Heard>) => hear(data);
  // on an address that is neither https nor this machine there are no locks: each tab listens for itself
  if (!navigator.locks) return stream(hear);
  const asked = performance.now();
  void navigator.locks.request("entigraph-events", () => {
    stream(tell, performance.now() - asked > AWAY_MS); // another tab listened until now
    return new Promise<never>(() => undefined);
  });
}

function stream(tell: (heard: Heard) => void, missed = false): void {
  let away: ReturnType<typeof setTimeout> | undefined;
  const source = new EventSource("/api/events");
  source.onopen = () => {
    clearTimeout(away);
    away = undefined;
    tell(missed ? "back" : "here");
  };
  source.onmessage = (message: MessageEvent<string>) => tell(JSON.parse(message.data) as RunEvent);
  source.onerror = () => {
    missed = true;
    away ??= setTimeout(() => tell("away"), AWAY_MS);
    if (source.readyState === EventSource.CLOSED) setTimeout(() => stream(tell, true), AWAY_MS);
  };
}

function stood(heard: "here" | "back" | "away", onBack: () => void): void {
  connected.value = heard !== "away";
  if (heard === "back") onBack();
}

function happened(event: RunEvent): void {
  if (event.generation) newest.value = Math.max(newest.peek(), event.generation);
  for (const one of watchers) one(event);
}
