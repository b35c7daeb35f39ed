import { expect, it } from "vitest";
import { duration, moment, percent } from "./words";

const at = (text: string) => new Date(text).getTime() / 1000;

it("says a moment as briefly as it can be told apart", () => {
  const now = new Date("2026-03-09T18:00:00");
  expect(moment(at("2026-03-09T07:05:00"), now)).toBe("07:05");
  expect(moment(at("2026-03-08T23:59:00"), now)).toBe("8 Mar 23:59");
  expect(moment(at("2025-12-31T00:00:00"), now)).toBe("31 Dec 2025 00:00");
});

it("gives small shares a digit more and does not pretend to know a time", () => {
  expect([percent(0), percent(0.004), percent(0.5), percent(1)]).toEqual(["0 %", "0.4 %", "50 %", "100 %"]);
  expect([duration(null), duration(89), duration(600), duration(9000)]).toEqual(["time unknown", "89 s", "10 min", "2.5 h"]);
});
