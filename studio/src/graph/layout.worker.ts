/** Where to draw the nodes: ForceAtlas2, then room between them; in a worker, so that the page never waits. */
import iterate from "graphology-layout-forceatlas2/iterate.js";
import { apart } from "./plane";

/** What is to be laid out: `places` holds x and y of each node, `edges` the numbers of both ends of each edge. */
export interface Task {
  number: number;
  places: Float32Array;
  sizes: Float32Array;
  pinned: Uint8Array;
  edges: Uint32Array;
  weights: Float32Array;
  steps: number;
}
/** Places after some steps; the last of a task is `done`. */
export interface Moved {
  number: number;
  places: Float32Array;
  done: boolean;
}

const EVERY_MS = 40;
/** Pixels across which the whole is seen: so much larger is a disc, in the unit of the places, than in pixels. */
const SCREEN = 800;
/** A row of the library's matrix of nodes: x, y, forces now and before (4), mass, convergence, size, fixed. */
const NODE = 10;
/** A row of its matrix of edges: where its ends begin in the matrix of nodes, and its weight. */
const EDGE = 3;
let current = 0;

addEventListener("message", (event: MessageEvent<Task | "stop">) => {
  current += 1;
  if (event.data !== "stop") void run(event.data, current);
});

async function run(task: Task, mine: number): Promise<void> {
  const count = task.sizes.length;
  const { nodes, edges } = matrices(task);
  const settings = {
    linLogMode: true, // communities stand apart
    outboundAttractionDistribution: false,
    adjustSizes: false,
    edgeWeightInfluence: 0.5,
    scalingRatio: 100,
    strongGravityMode: true, // what nothing joins to the rest stays near it
    gravity: 0.05,
    slowDown: 2 + Math.log(count + 1),
    barnesHutOptimize: count > 400,
    barnesHutTheta: 0.6,
  };
  let told = performance.now();
  for (let step = 0; step < task.steps && count > 1; step++) {
    iterate(settings, nodes, edges);
    if (performance.now() - told > EVERY_MS) {
      postMessage({ number: task.number, places: placesOf(nodes, count), done: false } satisfies Moved);
      await new Promise((next) => setTimeout(next, 0)); // a stop or a newer task may have come
      if (mine !== current) return;
      told = performance.now();
    }
  }
  const places = placesOf(nodes, count);
  const unit = Math.max(1, extent(places) / SCREEN);
  apart(places, task.sizes.map((size) => size * unit), task.pinned);
  postMessage({ number: task.number, places, done: true } satisfies Moved);
}

function matrices(task: Task): { nodes: Float32Array; edges: Float32Array } {
  const nodes = new Float32Array(task.sizes.length * NODE);
  task.sizes.forEach((size, i) => {
    nodes.set([task.places[2 * i]!, task.places[2 * i + 1]!, 0, 0, 0, 0, 1, 1, size, task.pinned[i]!], NODE * i);
  });
  const edges = new Float32Array(task.weights.length * EDGE);
  task.weights.forEach((weight, e) => {
    const ends = [task.edges[2 * e]! * NODE, task.edges[2 * e + 1]! * NODE];
    for (const end of ends) nodes[end + 6]! += weight;
    edges.set([...ends, weight], EDGE * e);
  });
  return { nodes, edges };
}

/** The longer side of the box that holds all places. */
function extent(places: Float32Array): number {
  const of = (axis: number) => {
    const values = places.filter((_value, i) => i % 2 === axis);
    return values.reduce((a, b) => Math.max(a, b), -Infinity) - values.reduce((a, b) => Math.min(a, b), Infinity);
  };
  return places.length ? Math.max(of(0), of(1)) : 0;
}

function placesOf(nodes: Float32Array, count: number): Float32Array {
  const places = new Float32Array(2 * count);
  for (let i = 0; i < count; i++) places.set(nodes.subarray(NODE * i, NODE * i + 2), 2 * i);
  return places;
}
