/** Where the picture is looked at from, as the address keeps it: in the unit of the nodes' places, not of the window. */
import type Sigma from "sigma";
import type { Camera } from "../state/address";
import type { EdgeData, NodeData } from "./model";

/** So long the camera stands still before it is told where it stands. */
const TOLD_MS = 250;
/** So near to where it starts, all is seen. */
const AT_START = 0.005;

export class Eye {
  /** Where to look once the nodes have their places. */
  private wanted: Camera | null = null;
  /** What was told, or asked for, last. */
  private last: Camera | null = null;
  private settled = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly sigma: Sigma<NodeData, EdgeData>,
    private readonly onCamera: (camera: Camera | null) => void,
  ) {
    sigma.getCamera().on("updated", () => {
      this.wanted = null; // a hand moved it
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.settled && this.tell(), TOLD_MS);
    });
  }

  /** See that part of the ground, or all of it; while the nodes are looking for their places, afterwards. */
  aim(camera: Camera | null): void {
    if (!this.settled) this.wanted = camera;
    else if (!same(camera, this.last)) this.move(camera);
  }

  /** The nodes have their places. Where none of them is seen, they lie elsewhere than when the link was made. */
  settle(): void {
    if (this.settled) return;
    this.settled = true;
    const { wanted } = this;
    if (!wanted) return this.tell();
    this.move(wanted);
    if (!this.seesAny()) this.move(null);
  }

  close(): void {
    clearTimeout(this.timer);
  }

  private move(camera: Camera | null): void {
    this.last = camera;
    const spot = camera ? this.sigma.viewportToFramedGraph(this.sigma.graphToViewport(camera)) : { x: 0.5, y: 0.5 };
    this.sigma.getCamera().setState({ x: spot.x, y: spot.y, ratio: camera?.ratio ?? 1 });
  }

  private tell(): void {
    this.last = this.now();
    this.onCamera(this.last);
  }

  private seesAny(): boolean {
    const { width, height } = this.sigma.getDimensions();
    const cameraState = this.sigma.getCamera().getState();
    return this.sigma.getGraph().someNode((_id, { x, y }) => {
      const spot = this.sigma.graphToViewport({ x, y }, { cameraState });
      return spot.x >= 0 && spot.x <= width && spot.y >= 0 && spot.y <= height;
    });
  }

  /** What part of the ground is seen; null where all of it is. */
  private now(): Camera | null {
    const { x, y, ratio } = this.sigma.getCamera().getState();
    if (Math.abs(x - 0.5) + Math.abs(y - 0.5) + Math.abs(ratio - 1) < AT_START) return null;
    const { width, height } = this.sigma.getDimensions();
    const middle = this.sigma.viewportToGraph({ x: width / 2, y: height / 2 });
    return { x: rounded(middle.x, 10), y: rounded(middle.y, 10), ratio: rounded(ratio, 1000) };
  }
}

function same(one: Camera | null, other: Camera | null): boolean {
  return one === other || (one?.x === other?.x && one?.y === other?.y && one?.ratio === other?.ratio);
}

function rounded(value: number, unit: number): number {
  return Math.round(value * unit) / unit;
}
