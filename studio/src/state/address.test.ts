import { describe, expect, it } from "vitest";
import { addressOf, type Place, placeOf, START } from "./address";

const A = "a".repeat(32);
const B = "0123456789abcdef".repeat(2);

describe("the address of a place", () => {
  it("is short where everything is as it starts", () => {
    expect(addressOf(START)).toBe("#/browse");
    expect(placeOf("")).toEqual(START);
  });

  it("carries all of a place there and back", () => {
    const place: Place = {
      tab: "texts",
      view: {
        top: 30,
        around: A,
        hops: 2,
        added: [B],
        expanded: [
          { entity: A, count: 50 },
          { entity: B, count: 100 },
        ],
        hidden: [A, B],
        types: ["person", "R&D, = ? #"],
        labels: ["工作于"],
        documents: [A],
        least_weight: 2.5,
      },
      selected: [A, B],
      pinned: [{ id: A, x: -12, y: 7 }],
      colouring: "coverage",
      after: 3,
      text: B,
      run: "edges-1234",
      document: { id: A, at: 120 },
      camera: { x: -3.5, y: 12, ratio: 0.25 },
      coverage: { unit: "triangles", times: 3, sampler: "edges+triangles", limit: "usd", amount: 0.9, model: "http://127.0.0.1:1/v1#a b" },
      texts: { status: "rejected", reason: "numbers", words: "泵 & valve" },
    };
    expect(placeOf(addressOf(place))).toEqual(place);
  });

  it("leaves out what it cannot read, and keeps the rest", () => {
    const place = placeOf(`#/nowhere?top=99999&around=drop%20table&open=${A}-x.zz&sel=${A}.<script>&weight=-3&after=oops&colour=red&camera=1_oops_2&unit=atoms&limit=target&amount=7`);
    expect(place.tab).toBe("browse");
    expect(place.view.top).toBe(2000);
    expect(place.view.around).toBeNull();
    expect(place.view.expanded).toEqual([{ entity: A, count: 50 }]);
    expect(place.selected).toEqual([A]);
    expect(place.view.least_weight).toBe(0);
    expect(place.after).toBe(0);
    expect(place.colouring).toBe("type");
    expect(place.camera).toBeNull();
    expect(place.coverage).toEqual(START.coverage);
  });
});
