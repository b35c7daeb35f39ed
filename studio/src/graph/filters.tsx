/** Which entities and relations may be on screen: by type, relation, document and weight. */
import type { Counted } from "../api/types";
import { corpus, look, place } from "../state/page";

export function Filters() {
  const known = corpus.value;
  const { view } = place.value;
  if (!known) return null;
  return (
    <fieldset class="filters card">
      <legend class="unseen">Filters</legend>
      <Several name="Type" all={known.types} chosen={view.types} of="name" onChoose={(types) => look({ types })} />
      <Several name="Relation" all={known.labels} chosen={view.labels} of="name" onChoose={(labels) => look({ labels })} />
      <Several name="Document" all={known.documents} chosen={view.documents} of="id" onChoose={(documents) => look({ documents })} />
      <label class="field">
        Least weight of an edge
        <input
          type="number"
          min={0}
          step={1}
          value={view.least_weight}
          onChange={(event) => look({ least_weight: Math.max(0, Number(event.currentTarget.value) || 0) })}
        />
      </label>
    </fieldset>
  );
}

interface Choosing {
  name: string;
  all: readonly Counted[];
  chosen: readonly string[];
  of: "id" | "name";
  onChoose: (chosen: string[]) => void;
}

function Several({ name, all, chosen, of, onChoose }: Choosing) {
  const left = all.filter((one) => one[of] && !chosen.includes(one[of]));
  const titles = new Map(all.map((one) => [one[of], one.name]));
  return (
    <div class="several">
      <label class="field">
        {name}
        <select
          aria-label={name}
          value=""
          onChange={(event) => {
            if (event.currentTarget.value) onChoose([...chosen, event.currentTarget.value]);
            event.currentTarget.value = "";
          }}
        >
          <option value="">{chosen.length ? "add another…" : "any"}</option>
          {left.map((one) => (
            <option key={one[of]} value={one[of]}>
              {one.name.slice(0, 60)} ({one.count.toLocaleString("en")})
            </option>
          ))}
        </select>
      </label>
      <div class="row">
        {chosen.map((one) => (
          <button key={one} type="button" class="small" aria-label={`Without the filter ${titles.get(one) ?? one}`} onClick={() => onChoose(chosen.filter((other) => other !== one))}>
            {(titles.get(one) ?? one).slice(0, 30)} ×
          </button>
        ))}
      </div>
    </div>
  );
}
