/** A relation in words, with the sentences that state it unfolded on demand. */
import { useState } from "preact/hooks";
import { api } from "../api/client";
import type { RelationRow } from "../api/types";
import { LONG, short } from "../graph/model";
import { GrowingList } from "../parts/more";
import { count } from "../parts/words";
import { goTo, select } from "../state/page";
import { PassageItem } from "./passages";

/** `from` is the entity whose panel it stands in: its own name is not a link there. */
export function RelationItem({ relation, from }: { relation: RelationRow; from?: string }) {
  const [open, setOpen] = useState(false);
  const end = (id: string, name: string) =>
    id === from ? (
      <span dir="auto">{short(name, LONG)}</span>
    ) : (
      <button type="button" class="link" dir="auto" onClick={() => goTo(id)}>
        {short(name, LONG)}
      </button>
    );
  return (
    <li>
      <p class="break">
        {end(relation.source, relation.source_name)} <em dir="auto">{short(relation.label, LONG)}</em> {end(relation.target, relation.target_name)}
      </p>
      {relation.description && (
        <p class="quiet small break" dir="auto">
          {relation.description}
        </p>
      )}
      <div class="row small quiet">
        <span class="number">weight {Number(relation.weight.toFixed(2))}</span>
        <span class="chip">{relation.covered ? count(relation.covered, "text") : "not covered"}</span>
        {from && (
          <button type="button" class="link small" onClick={() => select([relation.source, relation.target])}>
            both
          </button>
        )}
        <button type="button" class="link small" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? "hide evidence" : "evidence"}
        </button>
      </div>
      {open && (
        <GrowingList
          id={`evidence ${relation.id}`}
          each={5}
          load={async (offset, limit) => {
            const { passages, total } = await api.evidence(relation.id, { offset, limit });
            return { rows: passages, total };
          }}
          row={(passage, number) => (
            <li key={number}>
              <PassageItem passage={passage} />
            </li>
          )}
          none="It was imported: no document states it."
        />
      )}
    </li>
  );
}
