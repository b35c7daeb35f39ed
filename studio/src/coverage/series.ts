/** The realised and the expected curve on one axis of texts, as the chart wants them. */
import type { CoverageAnswer, CoverageNow } from "../api/types";

type Point = CoverageNow["curve"][number];
export type Series = (number | null)[];

export interface Together {
  texts: number[];
  realised: Series;
  expected: Series;
  low: Series;
  high: Series;
  /** What the sampler would have reached from no text at all, to compare with. */
  fromNothing: Series;
}

/** Values at every number of texts that either curve names; between its points a curve is a straight line. */
export function together(realised: readonly Point[], expected: readonly Point[], fromNothing: readonly Point[] = []): Together {
  const texts = [...new Set([...realised, ...expected, ...fromNothing].map((point) => point.texts))].sort((a, b) => a - b);
  return {
    texts,
    realised: texts.map((x) => at(realised, x, (point) => point.share)),
    expected: texts.map((x) => at(expected, x, (point) => point.share)),
    low: texts.map((x) => at(expected, x, (point) => point.low ?? point.share)),
    high: texts.map((x) => at(expected, x, (point) => point.high ?? point.share)),
    fromNothing: texts.map((x) => at(fromNothing, x, (point) => point.share)),
  };
}

/** The value of a curve at `x`, null beyond its ends. Points are in the order of their texts. */
export function at(points: readonly Point[], x: number, value: (point: Point) => number): number | null {
  const next = points.findIndex((point) => point.texts >= x);
  if (next < 0) return null;
  const b = points[next]!;
  if (b.texts === x) return value(b);
  const a = points[next - 1];
  if (!a) return null;
  return value(a) + ((value(b) - value(a)) * (x - a.texts)) / (b.texts - a.texts);
}

/** The number of texts after which the expected curve is at a share; null where it never is. */
export function textsFor(answer: Pick<CoverageAnswer, "curve">, share: number): number | null {
  const next = answer.curve.findIndex((point) => point.share >= share);
  if (next < 0) return null;
  const b = answer.curve[next]!;
  const a = answer.curve[next - 1];
  if (!a || b.share === a.share) return b.texts;
  return a.texts + ((b.texts - a.texts) * (share - a.share)) / (b.share - a.share);
}
