/** What is known of what is selected: the corpus, an entity, what joins several, a document. */
import { ofView } from "../parts/commands";
import { CopyCommand } from "../parts/copy";
import { count, percent } from "../parts/words";
import { corpus, go, picture, place } from "../state/page";
import { DocumentReader } from "./document";
import { EntityPanel } from "./entity";
import { Generate, Panel } from "./frame";
import { SubgraphPanel } from "./subgraph";

export function Details() {
  const { selected, document } = place.value;
  return (
    <aside class="side" role="complementary" aria-label="Details">
      {document ? (
        <DocumentReader key={document.id} id={document.id} at={document.at} />
      ) : selected.length === 1 ? (
        <EntityPanel key={selected[0]} id={selected[0]!} />
      ) : selected.length > 1 ? (
        <SubgraphPanel ids={selected} />
      ) : (
        <CorpusPanel />
      )}
    </aside>
  );
}

function CorpusPanel() {
  const known = corpus.value;
  const seen = picture.value;
  if (!known) return <Panel foot={null}>…</Panel>;
  const joined = (seen?.edges ?? []).map((edge) => ({ pair: [edge.source, edge.target], covered: edge.covered }));
  const bare = joined.filter(({ covered }) => !covered).map(({ pair }) => pair);
  return (
    <Panel
      foot={
        <>
          <Generate subgraphs={bare.slice(0, 2000)} uncovered={!bare.length} />
          <CopyCommand command={ofView()} />
        </>
      }
    >
      <h2 dir="auto">{known.name}</h2>
      <p class="quiet small break">{known.location}</p>
      <dl class="facts section">
        <dt>Documents</dt>
        <dd class="number">{known.document_count.toLocaleString("en")}</dd>
        <dt>Entities</dt>
        <dd class="number">{known.entities.toLocaleString("en")}</dd>
        <dt>Relations</dt>
        <dd class="number">{known.relations.toLocaleString("en")}</dd>
        <dt>Texts</dt>
        <dd class="number">
          {known.texts.toLocaleString("en")}, {known.accepted.toLocaleString("en")} accepted
        </dd>
        <dt>Edges on screen</dt>
        <dd class="number">
          {joined.length.toLocaleString("en")}, {percent(joined.length ? 1 - bare.length / joined.length : 0)} covered by texts
        </dd>
      </dl>
      <div class="section">
        <p>
          Click an entity to read what the documents say of it; shift-click more to see what joins them; double-click to bring in its
          neighbours.
        </p>
        <p class="quiet section">
          {bare.length
            ? `Generate writes about the ${count(Math.min(2000, bare.length), "edge")} on screen that no text covers.`
            : joined.length
              ? "Every edge on screen is covered by a text."
              : "Bring entities on screen to write about what joins them."}
        </p>
      </div>
      <div class="section">
        <h3>Documents</h3>
        <ul class="list">
          {known.documents.slice(0, 50).map((one) => (
            <li key={one.id} class="row top">
              <button type="button" class="link" dir="auto" onClick={() => go({ document: { id: one.id, at: 0 } })}>
                {one.name}
              </button>
              <span class="push quiet small">{count(one.count, "entity", "entities")}</span>
            </li>
          ))}
        </ul>
        {known.document_count > 50 && <p class="quiet small">and {(known.document_count - 50).toLocaleString("en")} more; “entigraph documents list” prints all.</p>}
      </div>
    </Panel>
  );
}
