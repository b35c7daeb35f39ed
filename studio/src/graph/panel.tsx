/** The graph and all that is done with it. */
import { signal } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import { ofView } from "../parts/commands";
import { CopyCommand } from "../parts/copy";
import { count } from "../parts/words";
import { told } from "../state/asked";
import { announce, collapse, corpus, expand, go, hide, look, onScreen, picture, place, select, toggle } from "../state/page";
import { Canvas, type Look } from "./canvas";
import { nodeToken, tokens, typeTokens } from "./colours";
import { canvas } from "./drawn";
import { FileMenu } from "./files";
import { Filters } from "./filters";
import { Lasso } from "./lasso";
import { laying } from "./layout";
import { Legend, off } from "./legend";
import { Slider } from "./slider";
import { EntitiesTable } from "./table";

/** The node that the arrow keys are at. */
export const focus = signal<string | null>(null);
const lassoing = signal(false);
const filtering = signal(false);
const listing = signal(false);

const KEYS = `Arrow keys go from node to node, Enter selects, E expands, C collapses, H hides, P pins, L draws a lasso,
plus and minus zoom, 0 fits all, slash searches.`;

function lookNow(): Look {
  const { colouring, after, selected } = place.value;
  const types = typeTokens(corpus.value);
  const switched = off.value;
  return {
    colouring,
    after,
    selected: new Set(selected),
    types,
    token: tokens.value,
    focus: focus.value,
    faint: ({ node }) => switched.size > 0 && switched.has(keyOf(nodeToken(node, colouring, types, after), node.type)),
  };
  function keyOf(token: string, type: string): string {
    return colouring === "type" ? type : token;
  }
}

export function GraphPanel() {
  const box = useRef<HTMLDivElement>(null);
  const [problem, setProblem] = useState("");
  useEffect(() => {
    try {
      canvas.value = new Canvas(box.current!, lookNow(), {
        onChoose: (id, also) => (also ? toggle(id) : select([id])),
        onOpen: (id) => expand(id),
        onGround: () => select([]),
        onPin: (id, { x, y }) => pin(id, x, y),
        onEdge: (source, target) => select([source, target]),
        onCamera: (camera) => go({ camera }, { instead: true }),
      });
    } catch (failure) {
      setProblem(`This browser cannot draw the graph (${told(failure)}). The table below lists the same.`);
      listing.value = true;
    }
    return () => {
      canvas.peek()?.close();
      canvas.value = null;
    };
  }, []);
  const drawn = canvas.value;
  const seen = picture.value;
  const pins = place.value.pinned;
  useEffect(() => {
    if (drawn) drawn.pinned = new Map(pins.map(({ id, x, y }) => [id, { x, y }]));
  }, [drawn, pins]);
  const { camera } = place.value;
  useEffect(() => {
    drawn?.eye.aim(camera); // before nodes whose places are known are shown: then all is settled at once
  }, [drawn, camera]);
  useEffect(() => {
    if (drawn && seen) drawn.show(seen);
  }, [drawn, seen]);
  const look_ = lookNow();
  useEffect(() => drawn?.look(look_));
  const nothing = seen !== null && seen.nodes.length === 0;
  return (
    <>
      <section class="graph" role="region" aria-label="Graph">
        <div
          ref={box}
          class="canvas"
          // biome-ignore lint: the canvas takes keys
          tabIndex={0}
          role="application"
          aria-label="Picture of the graph"
          aria-describedby="graph-keys"
          onKeyDown={onKeyDown}
        />
        <p id="graph-keys" class="unseen">
          {KEYS}
        </p>
        {lassoing.value && drawn && <Lasso canvas={drawn} onDone={lassoed} />}
        {problem && <p class="notice bad">{problem}</p>}
        {nothing && <Nothing />}
        <div class="tools">
          <Buttons />
          {filtering.value && <Filters />}
          {place.value.colouring === "coverage" && <Slider />}
          {seen !== null && seen.nodes.length > 0 && <Legend />}
        </div>
      </section>
      <EntitiesTable shown={listing.value} />
      <Status />
    </>
  );
}

function Nothing() {
  const known = corpus.value;
  const filtered = place.value.view !== null && (known?.entities ?? 0) > 0;
  return (
    <div class="empty">
      <div class="stack">
        <h2>{filtered ? "Nothing fits what is asked for" : "This corpus has no entities yet"}</h2>
        {filtered ? (
          <p>
            The filters leave nothing of {count(known!.entities, "entity", "entities")}.{" "}
            <button type="button" class="link" onClick={() => go({ ...place.peek(), view: { ...place.peek().view, types: [], labels: [], documents: [], least_weight: 0, hidden: [], top: 150 } })}>
              Take the filters away
            </button>
          </p>
        ) : (
          <p class="quiet">
            Documents become a graph with <code>entigraph build</code>. The page follows: build, and it appears here.
          </p>
        )}
      </div>
    </div>
  );
}

function Buttons() {
  const { colouring } = place.value;
  return (
    <div class="buttons card" role="toolbar" aria-label="Graph tools">
      <button type="button" class="icon" aria-label="Zoom in" title="Zoom in (+)" onClick={() => canvas.peek()?.zoom(1.4)}>
        +
      </button>
      <button type="button" class="icon" aria-label="Zoom out" title="Zoom out (−)" onClick={() => canvas.peek()?.zoom(1 / 1.4)}>
        −
      </button>
      <button type="button" title="Fit all (0)" onClick={() => canvas.peek()?.fit()}>
        Fit
      </button>
      <button type="button" aria-pressed={lassoing.value} title="Draw round nodes to select them (L)" onClick={() => (lassoing.value = !lassoing.peek())}>
        Lasso
      </button>
      <button type="button" aria-pressed={filtering.value} aria-expanded={filtering.value} onClick={() => (filtering.value = !filtering.peek())}>
        Filter
      </button>
      <label class="row small">
        <span class="unseen">Colour by</span>
        <select aria-label="Colour by" value={colouring} onChange={(event) => {
          off.value = new Set();
          go({ colouring: event.currentTarget.value as typeof colouring });
        }}>
          <option value="type">Colour: type</option>
          <option value="community">Colour: community</option>
          <option value="coverage">Colour: coverage</option>
        </select>
      </label>
    </div>
  );
}

function Status() {
  const seen = picture.value;
  const known = corpus.value;
  const { hidden } = place.value.view;
  return (
    <div class="status">
      <span>
        {seen ? `${seen.nodes.length.toLocaleString("en")} of ${count(known?.entities ?? 0, "entity", "entities")}, ${count(seen.edges.length, "edge")}` : "…"}
        {seen && seen.edges_left_out > 0 && `, the heaviest of ${(seen.edges.length + seen.edges_left_out).toLocaleString("en")}`}
        {seen && seen.left_out > 0 && `; ${seen.left_out.toLocaleString("en")} left out`}
      </span>
      {laying.value ? (
        <button type="button" onClick={() => canvas.peek()?.stop()}>
          Stop layout
        </button>
      ) : (
        <button type="button" onClick={() => canvas.peek()?.relax()}>
          Lay out again
        </button>
      )}
      {hidden.length > 0 && (
        <button type="button" onClick={() => look({ hidden: [] })}>
          Show {count(hidden.length, "hidden entity", "hidden entities")}
        </button>
      )}
      <Amount />
      <span class="push row">
        <CopyCommand command={ofView()} what="Copy view as command" brief="Copy view" />
        <FileMenu />
        <button type="button" aria-pressed={listing.value} onClick={() => (listing.value = !listing.peek())}>
          Table
        </button>
      </span>
    </div>
  );
}

/** How many entities the overview begins with. */
function Amount() {
  const { top, around } = place.value.view;
  return (
    <label class="row">
      {around ? "Nearest" : "Most central"}
      <select aria-label="How many entities" value={String(top)} onChange={(event) => look({ top: Number(event.currentTarget.value) })}>
        {[...new Set([0, 30, 75, 150, 300, 600, 1200, 2000, top])].sort((a, b) => a - b).map((one) => (
          <option key={one} value={String(one)}>
            {one}
          </option>
        ))}
      </select>
    </label>
  );
}

function lassoed(ids: string[] | null) {
  lassoing.value = false;
  if (ids) {
    select(ids);
    announce(`${count(ids.length, "entity", "entities")} selected`);
  }
}

export function pin(id: string, x: number, y: number) {
  const others = place.peek().pinned.filter((one) => one.id !== id);
  go({ pinned: [...others, { id, x, y }] }, { instead: true });
}

export function pinOrFree(id: string) {
  const { pinned } = place.peek();
  if (pinned.some((one) => one.id === id)) {
    canvas.peek()?.unpin(id);
    go({ pinned: pinned.filter((one) => one.id !== id) }, { instead: true });
  } else {
    const spot = canvas.peek()?.spot(id);
    if (spot) pin(id, spot.x, spot.y);
  }
}

const DIRECTIONS: Record<string, [number, number]> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

function onKeyDown(event: KeyboardEvent) {
  const drawn = canvas.peek();
  const known = onScreen.peek();
  if (!drawn || event.ctrlKey || event.metaKey || event.altKey) return;
  const at = focus.peek() && known.has(focus.peek()!) ? focus.peek()! : (place.peek().selected.find((id) => known.has(id)) ?? null);
  const direction = DIRECTIONS[event.key];
  if (direction) focusOn(at === null ? (picture.peek()?.nodes[0]?.id ?? null) : (drawn.towards(at, ...direction) ?? at));
  else if (event.key === "+" || event.key === "=") drawn.zoom(1.4);
  else if (event.key === "-") drawn.zoom(1 / 1.4);
  else if (event.key === "0") drawn.fit();
  else if (event.key.toLowerCase() === "l") lassoing.value = !lassoing.peek();
  else if (event.key === "Escape") {
    lassoing.value = false;
    select([]);
  } else if (at === null) return;
  else if (event.key === "Enter" || event.key === " ") event.shiftKey ? toggle(at) : select([at]);
  else if (event.key.toLowerCase() === "e") expand(at, onScreen.peek().get(at)?.shown ? 50 : 0);
  else if (event.key.toLowerCase() === "c") collapse(at);
  else if (event.key.toLowerCase() === "h") hide([at]);
  else if (event.key.toLowerCase() === "p") pinOrFree(at);
  else return;
  event.preventDefault();
}

function focusOn(id: string | null) {
  focus.value = id;
  const node = id === null ? null : onScreen.peek().get(id);
  if (!node) return;
  announce(`${node.name}, ${node.type || "no type"}, ${count(node.degree, "neighbour")}, ${node.shown} shown, ${count(node.covered, "text")}`);
}
