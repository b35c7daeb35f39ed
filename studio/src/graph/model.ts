/** The picture as a graphology graph: what is on screen, with places that stay when others come and go. */
import Graph from "graphology";
import type { GraphEdge, GraphNode, Picture } from "../api/types";

export interface NodeData {
  node: GraphNode;
  label: string;
  x: number;
  y: number;
  size: number;
}
export interface EdgeData {
  edge: GraphEdge;
  size: number;
}
export type Drawn = Graph<NodeData, EdgeData>;
export interface Spot {
  x: number;
  y: number;
}

/** So many letters of a name stand in a list: ten thousand would hold up the page for seconds. */
export const LONG = 200;
const LABEL = 34;
const SMALLEST = 4;
const LARGEST = 17;
const GOLDEN = Math.PI * (3 - Math.sqrt(5));

export function emptyGraph(): Drawn {
  return new Graph<NodeData, EdgeData>({ type: "undirected", multi: false, allowSelfLoops: false });
}

/**
 * Make `graph` show `picture`. Nodes that stay keep their places; a new one begins beside its neighbours, or, without
 * any, on a spiral with those of its community side by side. Returns how many nodes are new.
 */
export function show(graph: Drawn, picture: Picture, known: ReadonlyMap<string, Spot> = new Map()): number {
  const wanted = new Set(picture.nodes.map((node) => node.id));
  for (const id of graph.nodes()) if (!wanted.has(id)) graph.dropNode(id);
  graph.clearEdges();
  const most = picture.nodes.reduce((largest, node) => Math.max(largest, node.degree), 1);
  const beside = neighbours(picture.edges);
  const fresh = picture.nodes.filter((node) => !graph.hasNode(node.id) && !known.has(node.id));
  const spots = places(graph, fresh, beside, picture.nodes.length, known);
  for (const node of picture.nodes) {
    const data = { node, label: short(node.name), size: sizeOf(node.degree, most) };
    if (graph.hasNode(node.id)) graph.mergeNodeAttributes(node.id, data);
    else graph.addNode(node.id, { ...data, ...(known.get(node.id) ?? spots.get(node.id) ?? { x: 0, y: 0 }) });
  }
  for (const edge of picture.edges) {
    if (graph.hasNode(edge.source) && graph.hasNode(edge.target) && edge.source !== edge.target) {
      graph.mergeEdge(edge.source, edge.target, { edge, size: Math.min(4, 0.8 + Math.log2(1 + edge.weight) / 2) });
    }
  }
  return fresh.length;
}

/** The name in one line, cut where it is long. */
export function short(name: string, most = LABEL): string {
  const line = name.slice(0, most * 8).replace(/[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]/gu, " ").split(/\s+/).join(" ").trim();
  const letters = [...line];
  return letters.length <= most && name.length <= most * 8 ? line : `${letters.slice(0, most - 1).join("").trimEnd()}…`;
}

export function sizeOf(degree: number, most: number): number {
  return SMALLEST + (LARGEST - SMALLEST) * Math.sqrt(degree / Math.max(1, most));
}

function neighbours(edges: readonly GraphEdge[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  const add = (from: string, to: string) => found.get(from)?.push(to) ?? found.set(from, [to]);
  for (const { source, target } of edges) {
    add(source, target);
    add(target, source);
  }
  return found;
}

function places(
  graph: Drawn,
  fresh: readonly GraphNode[],
  beside: ReadonlyMap<string, readonly string[]>,
  count: number,
  known: ReadonlyMap<string, Spot>,
): Map<string, Spot> {
  const spots = new Map<string, Spot>();
  const reach = 10 * Math.sqrt(Math.max(1, count));
  const byCommunity = [...fresh].sort((a, b) => a.community - b.community || b.degree - a.degree || (a.id < b.id ? -1 : 1));
  byCommunity.forEach((node, number) => {
    const around = (beside.get(node.id) ?? []).flatMap((id) =>
      known.get(id) ?? (graph.hasNode(id) ? [graph.getNodeAttributes(id)] : []),
    );
    const angle = GOLDEN * number;
    if (around.length) {
      const mean = (axis: "x" | "y") => around.reduce((sum, spot) => sum + spot[axis], 0) / around.length;
      const away = 12 + 6 * Math.sqrt(number);
      spots.set(node.id, { x: mean("x") + away * Math.cos(angle), y: mean("y") + away * Math.sin(angle) });
    } else {
      const centre = { x: reach * Math.cos(node.community * GOLDEN), y: reach * Math.sin(node.community * GOLDEN) };
      const away = 8 * Math.sqrt(number);
      spots.set(node.id, { x: centre.x + away * Math.cos(angle), y: centre.y + away * Math.sin(angle) });
    }
  });
  return spots;
}
