/** Sentences of documents with what is marked in them; each opens its document at that place. */
import type { Passage } from "../api/types";
import { Pieces } from "../parts/pieces";
import { go, goTo } from "../state/page";

export function PassageItem({ passage, lit = false }: { passage: Passage; lit?: boolean }) {
  return (
    <div class={lit ? "passage lit" : "passage"}>
      <p dir="auto">
        <Pieces pieces={passage.pieces} onEntity={goTo} />
      </p>
      <p class="from">
        <button type="button" class="link small" dir="auto" onClick={() => go({ document: { id: passage.document, at: passage.at } })}>
          {passage.title}
        </button>
      </p>
    </div>
  );
}
