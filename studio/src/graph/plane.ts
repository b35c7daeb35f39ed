/** Discs and lines in the plane: room between what lies over each other, and what lies within a line. */
import type { Spot } from "./model";

const ROUNDS = 60;
const GAP = 0.15; // between two discs, as a share of their radii

/**
 * Move discs apart, in place, until none lie over each other or the rounds are over. `places` holds x and y of each,
 * `sizes` the radii, in the same unit; pinned ones stay.
 */
export function apart(places: Float32Array, sizes: Float32Array, pinned: Uint8Array): void {
  const count = sizes.length;
  const cell = 2 * sizes.reduce((a, b) => Math.max(a, b), 1) * (1 + GAP);
  for (let round = 0; round < ROUNDS; round++) {
    const cells = new Map<string, number[]>();
    for (let i = 0; i < count; i++) {
      const key = `${Math.floor(places[2 * i]! / cell)},${Math.floor(places[2 * i + 1]! / cell)}`;
      cells.get(key)?.push(i) ?? cells.set(key, [i]);
    }
    let moved = false;
    for (const [key, inside] of cells) {
      const [column = 0, row = 0] = key.split(",").map(Number);
      for (let dx = 0; dx <= 1; dx++) {
        for (let dy = dx === 0 ? 0 : -1; dy <= 1; dy++) {
          const other = dx === 0 && dy === 0 ? inside : cells.get(`${column + dx},${row + dy}`);
          if (other) for (const i of inside) for (const j of other) if (i < j || other !== inside) moved = push(i, j) || moved;
        }
      }
    }
    if (!moved) return;
  }

  function push(i: number, j: number): boolean {
    if (i === j) return false;
    let x = places[2 * j]! - places[2 * i]!;
    let y = places[2 * j + 1]! - places[2 * i + 1]!;
    const wanted = (sizes[i]! + sizes[j]!) * (1 + GAP);
    let distance = Math.hypot(x, y);
    if (distance >= wanted || (pinned[i] && pinned[j])) return false;
    if (distance < 1e-6) {
      x = Math.cos(i + 2 * j);
      y = Math.sin(i + 2 * j);
      distance = 1;
    }
    const share = (wanted - Math.min(distance, wanted)) / distance / (pinned[i] || pinned[j] ? 1 : 2);
    if (!pinned[i]) {
      places[2 * i]! -= x * share;
      places[2 * i + 1]! -= y * share;
    }
    if (!pinned[j]) {
      places[2 * j]! += x * share;
      places[2 * j + 1]! += y * share;
    }
    return true;
  }
}

/** How far a point is from the line between two others. */
export function offLine({ x, y }: Spot, from: Spot, to: Spot): number {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const along = ((x - from.x) * dx + (y - from.y) * dy) / (dx * dx + dy * dy || 1);
  const share = Math.min(1, Math.max(0, along));
  return Math.hypot(x - from.x - share * dx, y - from.y - share * dy);
}

/** Whether a point lies within a closed line, by the even-odd rule. */
export function within({ x, y }: Spot, line: readonly Spot[]): boolean {
  let inside = false;
  line.forEach((a, i) => {
    const b = line[(i + 1) % line.length]!;
    if (a.y > y !== b.y > y && x < ((b.x - a.x) * (y - a.y)) / (b.y - a.y) + a.x) inside = !inside;
  });
  return inside;
}

export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** The smallest box that holds these points; null where there are none. */
export function boxOf(points: readonly Spot[]): Box | null {
  if (!points.length) return null;
  const box = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  for (const { x, y } of points) {
    box.left = Math.min(box.left, x);
    box.right = Math.max(box.right, x);
    box.top = Math.min(box.top, y);
    box.bottom = Math.max(box.bottom, y);
  }
  return box;
}
