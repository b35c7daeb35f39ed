/** What the model is writing at this moment, as it comes. */
import { useEffect, useState } from "preact/hooks";
import type { Unfinished } from "../api/types";
import { watch } from "../state/events";

/** The answers of a run that the model is writing now. */
export function useWriting(run: string): readonly Unfinished[] {
  const [parts, setParts] = useState<readonly Unfinished[]>([]);
  useEffect(() => watch((event) => event.row?.run === run && setParts(event.writing)), [run]);
  return parts;
}

export function BeingWritten({ parts }: { parts: readonly Unfinished[] }) {
  if (!parts.length) return null;
  return (
    <section class="stack section" aria-label="Being written" aria-live="off">
      {parts.map((part) => (
        <div key={part.call} class="textcard stack" role="group" aria-label={`Being written: ${part.title}`}>
          <header class="row top">
            <h3 class="break" dir="auto">{part.title}</h3>
            <span class="chip running push">{part.whole ? "being checked" : "being written"}</span>
          </header>
          <p class={part.whole ? "reading" : "reading growing"} dir="auto">{part.text}</p>
        </div>
      ))}
    </section>
  );
}
