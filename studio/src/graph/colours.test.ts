import { describe, expect, it } from "vitest";
import type { Corpus, GraphNode, Picture } from "../api/types";
import { coveredAfter, coverToken, legend, typeTokens } from "./colours";

const node = (type: string, community: number, covered_at: number[]): GraphNode => ({
  id: `${type}${community}${covered_at}`,
  name: `${type}${community}`,
  type,
  degree: 0,
  mentions: 0,
  community,
  shown: 0,
  covered: covered_at.length,
  covered_at,
});
const picture: Picture = {
  generation: 1,
  nodes: [node("person", 0, [1, 4]), node("person", 12, []), node("place", 13, [9]), node("", 0, [])],
  edges: [],
  left_out: 0,
  edges_left_out: 0,
  texts: 9,
};
const corpus = { types: [{ id: "", name: "place", count: 90 }, { id: "", name: "", count: 50 }, { id: "", name: "person", count: 3 }] } as unknown as Corpus;

describe("colours", () => {
  it("belong to the types of the whole corpus, so that they are the same on every picture", () => {
    expect(typeTokens(corpus).get("place")).toBe("type-0");
    expect(typeTokens(corpus).get("person")).toBe("type-1");
    expect(legend(picture, corpus, "type", null).map((row) => [row.name, row.token, row.count])).toEqual([
      ["person", "type-1", 2],
      ["no type", "type-other", 1],
      ["place", "type-0", 1],
    ]);
  });
  it("of small communities are one row of the legend", () => {
    const rows = legend(picture, corpus, "community", null);
    expect(rows.map((row) => [row.name, row.count])).toEqual([
      ["person0", 2],
      ["smaller communities", 2],
    ]);
  });
  it("of coverage follow the slider", () => {
    expect(legend(picture, corpus, "coverage", null).map((row) => [row.name, row.count])).toEqual([
      ["no text", 2],
      ["1 text", 1],
      ["2 texts", 1],
    ]);
    expect(legend(picture, corpus, "coverage", 3).map((row) => [row.name, row.count])).toEqual([
      ["no text", 3],
      ["1 text", 1],
    ]);
    expect(coveredAfter({ covered: 300, covered_at: [1, 2] }, null)).toBe(300);
    expect([0, 1, 2, 3, 4, 5, 99].map(coverToken)).toEqual(["cover-0", "cover-1", "cover-2", "cover-3", "cover-3", "cover-4", "cover-4"]);
  });
});
