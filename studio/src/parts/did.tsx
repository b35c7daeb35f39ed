/** What was just done, and the command line that does the same. */
import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { announce, announced } from "../state/page";
import { written } from "./copy";

const SHOWN_MS = 12_000;
const last = signal<{ words: string; command: string } | null>(null);

/** Say that something was done from the page; `command` does it from a shell. */
export function did(words: string, command: string): void {
  last.value = { words, command };
  announce(words);
}

/** What was done, and what is said to those who do not see the picture. Beside an open dialog nothing can be reached. */
export function Told() {
  return (
    <>
      <Did />
      <p class="unseen" aria-live="polite" role="status">
        {announced.value}
      </p>
    </>
  );
}

function Did() {
  const now = last.value;
  useEffect(() => {
    const timer = setTimeout(() => (last.value = null), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [now]);
  if (!now) return null;
  return (
    <div class="did card">
      <span>{now.words}</span>
      <code>{now.command}</code>
      <button type="button" aria-label="Copy what did this" onClick={() => void written(now.command)}>
        Copy
      </button>
      <button type="button" class="plain icon" aria-label="Close this message" onClick={() => (last.value = null)}>
        ×
      </button>
    </div>
  );
}
