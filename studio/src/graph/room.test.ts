import { describe, expect, it } from "vitest";
import { type Label, room } from "./labels";
import { apart, offLine, within } from "./plane";

const width = (text: string, font: number) => text.length * font * 0.5;
const label = (text: string, x: number, y: number, size = 5, always = false): Label => ({ text, x, y, size, always });

describe("room for labels", () => {
  it("lets none lie over another, and keeps that of the larger node", () => {
    const placed = room([label("small one", 102, 101, 4), label("large one", 100, 100, 12), label("far away", 500, 100, 4)], width);
    expect(placed.map((one) => one.text)).toEqual(["large one", "far away"]);
  });
  it("always keeps what is selected", () => {
    const placed = room([label("large", 100, 100, 12), label("chosen", 101, 100, 3, true)], width);
    expect(placed.map((one) => one.text)).toEqual(["chosen"]);
  });
  it("is found to the left where the canvas ends", () => {
    const [one] = room([label("at the edge", 180, 50)], width, 200);
    expect(one!.x + one!.width).toBeLessThan(180);
    expect(room([label("at the edge", 100, 50)], width, 200)[0]!.x).toBeGreaterThan(100);
  });
  it("holds for many at random places", () => {
    const many = Array.from({ length: 400 }, (_, i) => label(`name ${i}`, (i * 7919) % 900, (i * 104729) % 600, 3 + (i % 9)));
    const placed = room(many, width);
    expect(placed.length).toBeGreaterThan(50);
    placed.forEach((a, i) =>
      placed.slice(i + 1).forEach((b) => {
        const apart_ = a.x + a.width < b.x || b.x + b.width < a.x || Math.abs(a.y - b.y) > (a.font + b.font) * 0.5;
        expect(apart_, `${a.text} and ${b.text}`).toBe(true);
      }),
    );
  });
});

describe("room between discs", () => {
  it("moves them apart, and those that are pinned not at all", () => {
    const places = Float32Array.from([0, 0, 1, 0, 0, 0, 300, 300]);
    const sizes = Float32Array.from([10, 10, 10, 10]);
    apart(places, sizes, Uint8Array.from([1, 0, 0, 0]));
    expect([...places.slice(0, 2)]).toEqual([0, 0]);
    expect([...places.slice(6, 8)]).toEqual([300, 300]);
    for (const [i, j] of [[0, 1], [0, 2], [1, 2]] as const) {
      const distance = Math.hypot(places[2 * i]! - places[2 * j]!, places[2 * i + 1]! - places[2 * j + 1]!);
      expect(distance).toBeGreaterThan(19.9);
    }
  });
});

describe("a lasso", () => {
  const line = [{ x: 0, y: 0 }, { x: 10, y: 0 }, { x: 10, y: 10 }, { x: 5, y: 2 }, { x: 0, y: 10 }];
  it("holds what lies inside its line, also where the line turns in", () => {
    expect(within({ x: 2, y: 2 }, line)).toBe(true);
    expect(within({ x: 5, y: 8 }, line)).toBe(false);
    expect(within({ x: 20, y: 2 }, line)).toBe(false);
  });
});

describe("how far a point is from a line", () => {
  const [from, to] = [{ x: 0, y: 0 }, { x: 4, y: 0 }];

  it("is measured across it, beyond its ends to the nearer one", () => {
    expect(offLine({ x: 2, y: 3 }, from, to)).toBe(3);
    expect(offLine({ x: 7, y: 4 }, from, to)).toBe(5);
    expect(offLine({ x: -3, y: 4 }, from, to)).toBe(5);
  });

  it("is the distance of two points where the line is one", () => {
    expect(offLine({ x: 3, y: 4 }, from, from)).toBe(5);
  });
});
