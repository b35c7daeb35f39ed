/** All of one entity. */
import { api } from "../api/client";
import type { EntityDetails } from "../api/types";
import { canvas } from "../graph/drawn";
import { pinOrFree } from "../graph/panel";
import { CopyCommand } from "../parts/copy";
import { GrowingList } from "../parts/more";
import { count } from "../parts/words";
import { useAsked } from "../state/asked";
import { collapse, expand, go, goTo, hide, look, onScreen, place } from "../state/page";
import { Aliases } from "./aliases";
import { Generate, Panel } from "./frame";
import { PassageItem } from "./passages";
import { RelationItem } from "./relations";
import { TextsAbout } from "./texts_about";

export function EntityPanel({ id }: { id: string }) {
  const { answer, problem } = useAsked(`entity ${id}`, (signal) => api.entity(id, signal));
  if (problem) {
    return (
      <Panel foot={<button type="button" onClick={() => go({ selected: [] })}>Back to the corpus</button>}>
        <p class="problem">{problem}</p>
      </Panel>
    );
  }
  if (!answer) return <Panel foot={null}><p class="quiet">…</p></Panel>;
  return (
    <Panel
      foot={
        <>
          <Generate subgraphs={[[id]]} />
          <CopyCommand command={answer.command} />
        </>
      }
    >
      <Entity entity={answer} />
    </Panel>
  );
}

function Entity({ entity }: { entity: EntityDetails }) {
  const { id } = entity;
  return (
    <>
      <h2 dir="auto">{entity.name.length > 400 ? `${entity.name.slice(0, 400)}…` : entity.name}</h2>
      <p class="row small quiet">
        <span class="chip" dir="auto">{entity.type || "no type"}</span>
        {entity.sense && <span dir="auto">{entity.sense}</span>}
        <span>{count(entity.degree, "neighbour")}</span>
        <span>{count(entity.mentions, "mention")}</span>
        <span class="chip">{entity.covered ? `covered by ${count(entity.covered, "text")}` : "not covered"}</span>
      </p>
      <AlsoCalled entity={entity} />
      {entity.description && <p class="section break" dir="auto">{entity.description}</p>}
      <Actions id={id} degree={entity.degree} />
      <section class="section">
        <h3>Relations ({entity.relations.toLocaleString("en")})</h3>
        <GrowingList
          id={`relations ${id}`}
          each={8}
          load={async (offset, limit) => {
            const { relations, total } = await api.relations(id, { offset, limit });
            return { rows: relations, total };
          }}
          row={(relation) => <RelationItem key={relation.id} relation={relation} from={id} />}
          none="Nothing joins it to another entity."
        />
      </section>
      <section class="section">
        <h3>Where it is named ({entity.mentions.toLocaleString("en")})</h3>
        <GrowingList
          id={`mentions ${id}`}
          each={6}
          load={async (offset, limit) => {
            const { passages, total } = await api.mentions(id, { offset, limit });
            return { rows: passages, total };
          }}
          row={(passage, number) => <li key={number}><PassageItem passage={passage} /></li>}
          none="No document names it: it was imported."
        />
      </section>
      <TextsAbout ids={[id]} />
      {entity.documents.length > 0 && (
        <section class="section">
          <h3>Documents ({entity.documents.length})</h3>
          <ul class="list">
            {entity.documents.slice(0, 12).map((one) => (
              <li key={one.id} class="row top">
                <button type="button" class="link" dir="auto" onClick={() => go({ document: { id: one.id, at: 0 } })}>
                  {one.name}
                </button>
                <span class="push quiet small number">{count(one.count, "mention")}</span>
              </li>
            ))}
          </ul>
          {entity.documents.length > 12 && <p class="quiet small">and {entity.documents.length - 12} more</p>}
        </section>
      )}
      <Aliases id={id} name={entity.name} aliases={entity.aliases} />
    </>
  );
}

/** Its other names, each once. */
function AlsoCalled({ entity }: { entity: EntityDetails }) {
  const others = [...new Set(entity.aliases.map((alias) => alias.name))].filter((name) => name !== entity.name);
  if (!others.length) return null;
  return (
    <p class="small break" dir="auto">
      <span class="quiet">also called</span> {others.slice(0, 8).join(", ")}
      {others.length > 8 && <span class="quiet"> and {others.length - 8} more</span>}
    </p>
  );
}

function Actions({ id, degree }: { id: string; degree: number }) {
  const node = onScreen.value.get(id);
  const { expanded } = place.value.view;
  const opened = expanded.some((one) => one.entity === id);
  const pinned = place.value.pinned.some((one) => one.id === id);
  const shown = node?.shown ?? 0;
  return (
    <div class="row section">
      <button type="button" disabled={opened || degree === 0 || shown >= degree} title="Bring in its neighbours, the most relevant first (E)" onClick={() => expand(id)}>
        Expand
      </button>
      {opened && shown < degree && (
        <button type="button" title="Bring in the next 50 (E)" onClick={() => expand(id, 50)}>Show more</button>
      )}
      <span class="small quiet">
        {node ? `${shown} of ${count(degree, "neighbour")} shown` : "not on screen"}
      </span>
      {opened && <button type="button" class="plain" onClick={() => collapse(id)}>Collapse</button>}
      {node ? (
        <>
          <button type="button" class="plain" onClick={() => canvas.peek()?.centre(id)}>Go to</button>
          <button type="button" class="plain" onClick={() => hide([id])}>Hide</button>
          <button type="button" class="plain" aria-pressed={pinned} onClick={() => pinOrFree(id)}>Pin</button>
        </>
      ) : (
        <button type="button" class="plain" onClick={() => goTo(id)}>Show</button>
      )}
      <button type="button" class="plain" title="Begin the picture with this entity" onClick={() => look({ around: id, added: [], expanded: [] }, { selected: [id] })}>
        Only around it
      </button>
      {place.value.view.around && (
        <button type="button" class="plain" onClick={() => look({ around: null })}>
          Whole overview
        </button>
      )}
    </div>
  );
}
