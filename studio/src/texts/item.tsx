/** A text in a list. */
import type { TextRow } from "../api/types";
import { go } from "../state/page";

export function TextItem({ text }: { text: TextRow }) {
  return (
    <li>
      <p class="row">
        <button type="button" class="link" dir="auto" onClick={() => go({ tab: "texts", text: text.id })}>
          {text.title || "untitled"}
        </button>
        <span class={`chip ${text.status} push`}>{text.status}</span>
      </p>
      <p class="small quiet break" dir="auto">
        {text.begins}
      </p>
      <p class="small quiet">
        {text.strategy}
        {text.reasons.length > 0 && ` · ${text.reasons.join(", ")}`}
      </p>
    </li>
  );
}
