/** The layout worker as the canvas uses it. */
import { signal } from "@preact/signals";
import type { Moved, Task } from "./layout.worker";
import type { Drawn } from "./model";

export const laying = signal(false);
const FIRST = 400;
const LATER = 120;

export class Layout {
  private readonly worker = new Worker(new URL("./layout.worker.ts", import.meta.url), { type: "module" });
  private ids: string[] = [];
  private number = 0;

  constructor(
    private readonly graph: Drawn,
    private readonly onMoved: (done: boolean) => void,
  ) {
    this.worker.addEventListener("message", (event: MessageEvent<Moved>) => this.take(event.data));
  }

  /** Lay out what the graph holds now; those in `pinned` stay. A first layout takes more steps than later ones. */
  run(pinned: ReadonlySet<string>, { first = false } = {}): void {
    const { graph } = this;
    this.ids = graph.nodes();
    const row = new Map(this.ids.map((id, number) => [id, number]));
    const nodes = this.ids.map((id) => graph.getNodeAttributes(id));
    const joined = graph.mapEdges((_edge, data, source, target) => ({ source, target, weight: data.edge.weight }));
    this.number += 1;
    laying.value = true;
    const task: Task = {
      number: this.number,
      places: Float32Array.from(nodes.flatMap(({ x, y }) => [x, y])),
      sizes: Float32Array.from(nodes, ({ size }) => size * 1.15),
      pinned: Uint8Array.from(this.ids, (id) => Number(pinned.has(id))),
      edges: Uint32Array.from(joined.flatMap(({ source, target }) => [row.get(source)!, row.get(target)!])),
      weights: Float32Array.from(joined, ({ weight }) => Math.min(20, weight)),
      steps: first ? FIRST : LATER,
    };
    this.worker.postMessage(task);
  }

  stop(): void {
    this.number += 1;
    laying.value = false;
    this.worker.postMessage("stop");
  }

  close(): void {
    this.worker.terminate();
    laying.value = false;
  }

  private take({ number, places, done }: Moved): void {
    if (number !== this.number) return;
    this.ids.forEach((id, i) => {
      if (this.graph.hasNode(id)) this.graph.mergeNodeAttributes(id, { x: places[2 * i]!, y: places[2 * i + 1]! });
    });
    if (done) laying.value = false;
    this.onMoved(done);
  }
}
