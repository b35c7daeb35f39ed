/** Several entities together: a pair, a triangle, the stops of a path. */
import { useState } from "preact/hooks";
import { api } from "../api/client";
import { LONG, short } from "../graph/model";
import { ofPath } from "../parts/commands";
import { CopyCommand } from "../parts/copy";
import { did } from "../parts/did";
import { count } from "../parts/words";
import { told, useAsked } from "../state/asked";
import { corpus, hide, look, place, refresh, select } from "../state/page";
import { Generate, Panel } from "./frame";
import { RelationItem } from "./relations";
import { TextsAbout } from "./texts_about";

const MOST = 50;

export function SubgraphPanel({ ids }: { ids: readonly string[] }) {
  const some = ids.slice(0, MOST);
  const { answer, problem } = useAsked(`subgraph ${some.join(" ")}`, (signal) => api.subgraph(some, signal));
  const [trouble, setTrouble] = useState("");
  if (problem) return <Panel foot={<button type="button" onClick={() => select([])}>Clear the selection</button>}><p class="problem">{problem}</p></Panel>;
  if (!answer) return <Panel foot={null}><p class="quiet">…</p></Panel>;
  const title = ids.length === 2 ? "Two entities" : ids.length === 3 && answer.joined === 3 ? "A triangle" : count(ids.length, "entity", "entities");

  async function path() {
    setTrouble("");
    try {
      const way = await api.path(ids[0]!, ids[1]!);
      if (!way.entities.length) return setTrouble("No path joins these two.");
      const { view } = place.peek();
      look(
        { added: [...new Set([...view.added, ...way.entities])], hidden: view.hidden.filter((id) => !way.entities.includes(id)) },
        { selected: way.entities },
      );
      did(`A path of ${count(way.entities.length - 1, "step")}`, ofPath(way.entities));
    } catch (failure) {
      setTrouble(told(failure));
    }
  }
  async function merge() {
    setTrouble("");
    try {
      const { said, command, entity } = await api.merge([...ids], ids[0]!);
      select([entity ?? ids[0]!]);
      refresh();
      did(said, command);
    } catch (failure) {
      setTrouble(told(failure));
    }
  }
  return (
    <Panel
      foot={
        <>
          <Generate subgraphs={[[...some]]} />
          <CopyCommand command={answer.command} />
        </>
      }
    >
      <h2>{title}</h2>
      <p class="row small quiet">
        <span>{count(answer.joined, "joined pair")}</span>
        <span>{count(answer.relations.length, "relation")}</span>
        <span class="chip">{answer.covered ? `covered by ${count(answer.covered, "text")}` : "not covered together"}</span>
      </p>
      <ul class="list section">
        {answer.entities.map((one) => (
          <li key={one.id} class="row">
            <button type="button" class="link" dir="auto" onClick={() => select([one.id])}>
              {short(one.name, LONG)}
            </button>
            <button type="button" class="plain push small" aria-label={`Take ${short(one.name, 60)} out of the selection`} onClick={() => select(ids.filter((id) => id !== one.id))}>
              ×
            </button>
          </li>
        ))}
      </ul>
      {ids.length > MOST && <p class="remark">The first {MOST} of {ids.length.toLocaleString("en")} selected are told of here.</p>}
      <div class="row section">
        {ids.length === 2 && <button type="button" onClick={path}>Shortest path</button>}
        <button type="button" class="plain" onClick={() => hide(ids)}>Hide</button>
        {!corpus.value?.read_only && ids.length <= 10 && (
          <button type="button" class="plain" title="Say that these are one thing; it can be taken back" onClick={merge}>
            Merge into the first
          </button>
        )}
      </div>
      {trouble && <p class="problem">{trouble}</p>}
      <section class="section">
        <h3>What joins them</h3>
        {answer.relations.length ? (
          <ul class="list">
            {answer.relations.map((relation) => <RelationItem key={relation.id} relation={relation} />)}
          </ul>
        ) : (
          <p class="quiet small">No document states a relation between them.</p>
        )}
      </section>
      <TextsAbout ids={some} />
    </Panel>
  );
}
