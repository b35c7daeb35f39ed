import { describe, expect, it } from "vitest";
import { at, textsFor, together } from "./series";

const point = (texts: number, share: number, low: number | null = null, high: number | null = null) => ({ texts, share, low, high });

describe("two curves on one axis", () => {
  it("draws neither beyond its ends", () => {
    const both = together([point(0, 0), point(10, 0.5)], [point(10, 0.5, 0.5, 0.5), point(20, 0.9, 0.8, 1)]);
    expect(both.texts).toEqual([0, 10, 20]);
    expect(both.realised).toEqual([0, 0.5, null]);
    expect(both.expected).toEqual([null, 0.5, 0.9]);
    expect(both.low).toEqual([null, 0.5, 0.8]);
    expect(both.high).toEqual([null, 0.5, 1]);
  });
  it("is empty without points", () => {
    expect(together([], []).texts).toEqual([]);
  });
  it("lies between its points on a straight line", () => {
    expect(at([point(0, 0), point(10, 1)], 2.5, (one) => one.share)).toBeCloseTo(0.25);
    expect(at([point(5, 0.3)], 4, (one) => one.share)).toBeNull();
  });
});

describe("texts for a share", () => {
  const curve = [point(0, 0.1), point(10, 0.5), point(30, 0.7)];
  it("is read off the curve", () => {
    expect(textsFor({ curve }, 0.3)).toBeCloseTo(5);
    expect(textsFor({ curve }, 0.1)).toBe(0);
    expect(textsFor({ curve }, 0.71)).toBeNull();
  });
});
