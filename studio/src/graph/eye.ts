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
  private settled = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly sigma: Sigma<NodeData, EdgeData>,
    onCamera: (camera: Camera | null) => void,
  ) {
    sigma.getCamera().on("updated", () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.settled && onCamera(this.now()), TOLD_MS);
    });
  }

  /** See that part of the ground; while the nodes are looking for their places, afterwards. */
  aim(camera: Camera): void {
    if (!this.settled) {
      this.wanted = camera;
      return;
    }
    const now = this.now();
    if (now && now.x === camera.x && now.y === camera.y && now.ratio === camera.ratio) return;
    const { x, y } = this.sigma.viewportToFramedGraph(this.sigma.graphToViewport(camera));
    this.sigma.getCamera().setState({ x, y, ratio: camera.ratio });
  }

  /** The nodes have their places. */
  settle(): void {
    if (this.settled) return;
    this.settled = true;
    if (this.wanted) this.aim(this.wanted);
  }

  close(): void {
    clearTimeout(this.timer);
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

function rounded(value: number, unit: number): number {
  return Math.round(value * unit) / unit;
}
