/** Names beside nodes, none over another: the larger node keeps its place, the other waits until there is room. */
import type { Settings } from "sigma/settings";
import type { NodeDisplayData, PartialButFor } from "sigma/types";
import type { EdgeData, NodeData } from "./model";
import type { Box } from "./plane";

type Data = PartialButFor<NodeDisplayData, "x" | "y" | "size" | "label" | "color"> & { always?: boolean };
export interface Label {
  text: string;
  x: number;
  y: number;
  size: number;
  always: boolean;
}
export interface Placed extends Label {
  font: number;
  width: number;
}

const GAP = 4;

/**
 * Which labels are drawn, and where they begin: those of large nodes first, none over one that is drawn; left of its
 * node where it would go beyond the `edge` of the canvas.
 */
export function room(
  labels: readonly Label[],
  width: (text: string, font: number) => number,
  edge = Number.POSITIVE_INFINITY,
): Placed[] {
  const taken: Box[] = [];
  const placed: Placed[] = [];
  const order = [...labels].sort((a, b) => Number(b.always) - Number(a.always) || b.size - a.size || (a.text < b.text ? -1 : 1));
  for (const label of order) {
    const font = fontOf(label.size);
    const wide = width(label.text, font);
    const beyond = label.x + label.size + GAP + wide > edge;
    const left = beyond ? label.x - label.size - GAP - wide : label.x + label.size + GAP;
    const box = { left: left - 2, top: label.y - font * 0.65, right: left + wide + 2, bottom: label.y + font * 0.65 };
    if (!label.always && taken.some((one) => overlap(one, box))) continue;
    taken.push(box);
    placed.push({ ...label, x: left, font, width: wide });
  }
  return placed;
}

export function fontOf(size: number): number {
  return Math.round(Math.min(17, 11 + size * 0.32));
}

function overlap(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

/** Gathers the labels of a frame as sigma asks for them one by one, and draws them together at its end. */
export class Labels {
  private waiting: Label[] = [];
  private context: CanvasRenderingContext2D | null = null;
  private readonly widths = new Map<string, number>();

  constructor(private readonly colour: (name: string) => string) {}

  /** For sigma's `defaultDrawNodeLabel`. */
  readonly take = (context: CanvasRenderingContext2D, data: Data, _settings: Settings<NodeData, EdgeData>): void => {
    this.context = context;
    if (data.label) this.waiting.push({ text: data.label, x: data.x, y: data.y, size: data.size, always: data.always ?? false });
  };

  /** For the end of a frame. */
  draw(): void {
    const { context } = this;
    if (context) {
      const edge = context.canvas.clientWidth;
      context.textBaseline = "middle";
      context.lineJoin = "round";
      for (const label of room(this.waiting, (text, font) => this.width(context, text, font), edge)) {
        context.font = `${label.always ? 650 : 500} ${label.font}px ${this.colour("font")}`;
        context.lineWidth = 3.5;
        context.strokeStyle = this.colour("ground");
        context.strokeText(label.text, label.x, label.y);
        context.fillStyle = this.colour("ink");
        context.fillText(label.text, label.x, label.y);
      }
    }
    this.waiting = [];
  }

  private width(context: CanvasRenderingContext2D, text: string, font: number): number {
    const key = `${font} ${text}`;
    let found = this.widths.get(key);
    if (found === undefined) {
      context.font = `600 ${font}px ${this.colour("font")}`;
      found = context.measureText(text).width;
      this.widths.set(key, found);
    }
    return found;
  }
}
