/** The server's event stream: runs as they go, texts as they come, newer data. It connects again by itself. */
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

/** Open the stream; `onBack` is called when the server answers again after it was away. */
export function listen(onBack: () => void): void {
  let away: ReturnType<typeof setTimeout> | undefined;
  const source = new EventSource("/api/events");
  source.onopen = () => {
    clearTimeout(away);
    away = undefined;
    if (!connected.peek()) onBack();
    connected.value = true;
  };
  source.onmessage = (message: MessageEvent<string>) => {
    const event = JSON.parse(message.data) as RunEvent;
    if (event.generation) newest.value = Math.max(newest.peek(), event.generation);
    for (const one of watchers) one(event);
  };
  source.onerror = () => {
    away ??= setTimeout(() => (connected.value = false), AWAY_MS);
    if (source.readyState === EventSource.CLOSED) setTimeout(() => listen(onBack), AWAY_MS);
  };
}
