/** A text in a narrow list that unfolds in its place. */
import { useState } from "preact/hooks";
import type { TextRow } from "../api/types";
import { TextCard } from "./card";

export function UnfoldingText({ text }: { text: TextRow }) {
  const [open, setOpen] = useState(false);
  return (
    <li>
      <p class="row top">
        <button type="button" class="link" aria-expanded={open} dir="auto" onClick={() => setOpen(!open)}>
          {text.title || "untitled"}
        </button>
        <span class={`chip ${text.status} push`}>{text.status}</span>
      </p>
      {open ? (
        <TextCard id={text.id} row={text} />
      ) : (
        <p class="small quiet break" dir="auto">
          {text.begins}
        </p>
      )}
    </li>
  );
}
