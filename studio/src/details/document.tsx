/** A document at a place, with the entities that it names. */
import { useEffect, useRef, useState } from "preact/hooks";
import { api } from "../api/client";
import type { DocumentPage } from "../api/types";
import { Pieces } from "../parts/pieces";
import { told } from "../state/asked";
import { go, goTo, look, place } from "../state/page";
import { Panel } from "./frame";

const CHARACTERS = 6000;

export function DocumentReader({ id, at }: { id: string; at: number }) {
  const [page, setPage] = useState<DocumentPage | null>(null);
  const [problem, setProblem] = useState("");
  const scroll = useRef<HTMLDivElement>(null);
  const load = (from: number) =>
    api.document(id, { at: from, characters: CHARACTERS }).then(setPage, (failure: unknown) => setProblem(told(failure)));
  useEffect(() => void load(at), [id, at]);
  useEffect(() => scroll.current?.querySelector("[data-focus]")?.scrollIntoView({ block: "center" }), [page]);
  const only = place.value.view.documents.includes(id);
  return (
    <Panel
      foot={
        <>
          <button type="button" onClick={() => go({ document: null })}>Close document</button>
          <button type="button" class="plain" aria-pressed={only} onClick={() => look({ documents: only ? [] : [id] })}>
            Only its entities
          </button>
        </>
      }
    >
      {problem && <p class="problem">{problem}</p>}
      {page && (
        <div ref={scroll}>
          <h2 dir="auto">{page.title}</h2>
          <p class="quiet small break">{page.source}</p>
          {page.start > 0 && (
            <button type="button" class="plain small" onClick={() => load(Math.max(0, page.start - CHARACTERS / 2))}>
              ↑ earlier
            </button>
          )}
          <div class="reading section" dir="auto">
            {page.pieces.map((piece, number) => (
              <span key={number} {...(number === page.focus ? { "data-focus": true, class: "sentence lit" } : {})}>
                <Pieces pieces={[piece]} onEntity={goTo} />
              </span>
            ))}
          </div>
          {page.end < page.total && (
            <button type="button" class="plain small" onClick={() => load(page.end)}>
              ↓ later
            </button>
          )}
        </div>
      )}
    </Panel>
  );
}
