import { describe, expect, it } from "vitest";
import type { GraphEdge, GraphNode, Picture } from "../api/types";
import { emptyGraph, short, show, sizeOf } from "./model";

const node = (id: string, more: Partial<GraphNode> = {}): GraphNode => ({
  id,
  name: id,
  type: "",
  degree: 1,
  mentions: 1,
  community: 0,
  shown: 0,
  covered: 0,
  covered_at: [],
  ...more,
});
const edge = (source: string, target: string): GraphEdge => ({
  source,
  target,
  weight: 1,
  labels: [],
  relations: 1,
  covered: 0,
  covered_at: [],
});
const picture = (nodes: GraphNode[], edges: GraphEdge[]): Picture => ({ generation: 1, nodes, edges, left_out: 0, edges_left_out: 0, texts: 0 });

describe("showing a picture", () => {
  it("keeps the places of what stays when others come and go", () => {
    const graph = emptyGraph();
    show(graph, picture([node("a"), node("b"), node("c")], [edge("a", "b")]));
    graph.mergeNodeAttributes("a", { x: 5, y: 6 });
    const fresh = show(graph, picture([node("a", { degree: 9 }), node("d")], [edge("a", "d")]));
    expect(fresh).toBe(1);
    expect(graph.nodes().sort()).toEqual(["a", "d"]);
    expect(graph.edges().length).toBe(1);
    expect(graph.getNodeAttributes("a")).toMatchObject({ x: 5, y: 6, node: { degree: 9 } });
  });

  it("puts a new node beside its neighbours, every time in the same place", () => {
    const made = () => {
      const graph = emptyGraph();
      show(graph, picture([node("a")], []));
      graph.mergeNodeAttributes("a", { x: 1000, y: -1000 });
      show(graph, picture([node("a"), node("b")], [edge("a", "b")]));
      return graph.getNodeAttributes("b");
    };
    const { x, y } = made();
    expect(Math.hypot(x - 1000, y + 1000)).toBeLessThan(40);
    expect(made()).toMatchObject({ x, y });
  });

  it("puts a pinned node where it was pinned", () => {
    const graph = emptyGraph();
    show(graph, picture([node("a")], []), new Map([["a", { x: 3, y: 4 }]]));
    expect(graph.getNodeAttributes("a")).toMatchObject({ x: 3, y: 4 });
  });

  it("leaves out an edge to nowhere or to itself", () => {
    const graph = emptyGraph();
    show(graph, picture([node("a"), node("b")], [edge("a", "a"), edge("a", "z"), edge("a", "b")]));
    expect(graph.size).toBe(1);
  });
});

describe("names", () => {
  it("are one line, cut by letters and not within them", () => {
    expect(short("  a\u0000b\n c ")).toBe("a b c");
    expect(short("😀".repeat(50), 5)).toBe("😀😀😀😀…");
    expect(short("x".repeat(10_000), 8)).toBe("xxxxxxx…");
    expect(short("\u202eevil")).toBe("evil");
  });
  it("of much joined things are on larger discs", () => {
    expect(sizeOf(100, 100)).toBeGreaterThan(sizeOf(10, 100));
    expect(sizeOf(0, 0)).toBeGreaterThan(0);
  });
});
