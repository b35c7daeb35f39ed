/** The picture itself: sigma on a graphology graph, told what to show and telling what was done to it. */
import Sigma from "sigma";
import type { Picture } from "../api/types";
import type { Camera, Colouring } from "../state/address";
import { coveredAfter, coverToken, nodeToken } from "./colours";
import { Eye } from "./eye";
import { Labels } from "./labels";
import { Layout } from "./layout";
import { type Drawn, type EdgeData, emptyGraph, type NodeData, show, type Spot } from "./model";
import { type Box, boxOf, offLine, within } from "./plane";

const ROOMY = 800;
/** More edges than these are left out of the frames while the view is dragged: drawn by software they take too long. */
const MOST_MOVING = 1500;
/** So near to an edge, in pixels, a click means it. */
const NEAR = 5;
/** So many selected nodes keep their names over all others; of more, only those for which there is room are named. */
const MOST_NAMED = 20;
/** Set once nodes and their names are drawn, for whoever measures how long that takes. */
const FIRST_PICTURE = "entigraph-first-picture";
/** Width of the legend, in pixels. */
const BESIDE = 200;

/** Where the nodes lay when the picture was last left for another tab. */
let places: ReadonlyMap<string, Spot> = new Map();

export interface Look {
  colouring: Colouring;
  after: number | null;
  selected: ReadonlySet<string>;
  /** Keys of the legend that are switched off: their nodes are shown faintly. */
  faint: (data: NodeData) => boolean;
  types: ReadonlyMap<string, string>;
  token: (name: string) => string;
  focus: string | null;
}
export interface Hand {
  onChoose: (id: string, also: boolean) => void;
  onOpen: (id: string) => void;
  onGround: () => void;
  onPin: (id: string, spot: Spot) => void;
  onEdge: (source: string, target: string) => void;
  onCamera: (camera: Camera | null) => void;
}

export class Canvas {
  readonly graph: Drawn = emptyGraph();
  private readonly sigma: Sigma<NodeData, EdgeData>;
  private readonly layout: Layout;
  private readonly labels: Labels;
  readonly eye: Eye;
  private readonly resized: ResizeObserver;
  private hovered: string | null = null;
  private lit = new Set<string>();
  private dragged: string | null = null;
  private moved = false;
  private first = true;
  private scale = 1;
  pinned = new Map<string, Spot>();

  constructor(
    private readonly box: HTMLElement,
    private seen: Look,
    private readonly hand: Hand,
  ) {
    this.labels = new Labels((name) => this.seen.token(name));
    this.sigma = new Sigma<NodeData, EdgeData>(this.graph, box, {
      allowInvalidContainer: true,
      defaultDrawNodeLabel: this.labels.take,
      defaultDrawNodeHover: () => undefined, // a hovered node is told by its neighbours and its label
      labelDensity: 4,
      labelGridCellSize: 90,
      labelRenderedSizeThreshold: 3,
      zIndex: true,
      stagePadding: 46,
      minCameraRatio: 0.02,
      maxCameraRatio: 8,
      nodeReducer: (id, data) => this.drawnNode(id, data),
      edgeReducer: (edge, data) => this.drawnEdge(edge, data),
    });
    // nothing of ours is drawn on these: without a graphics card, each would cost a frame a good part of its time
    for (const name of ["edgeLabels", "hovers", "hoverNodes"]) this.sigma.getCanvases()[name]!.style.display = "none";
    this.sigma.on("afterRender", () => {
      this.labels.draw();
      if (this.graph.order && !performance.getEntriesByName(FIRST_PICTURE).length) performance.mark(FIRST_PICTURE);
    });
    const measure = () => (this.scale = scaleOf(box));
    measure();
    this.sigma.on("resize", measure);
    this.resized = new ResizeObserver(() => this.sigma.resize().scheduleRefresh()); // sigma knows of the window alone
    this.resized.observe(box);
    this.eye = new Eye(this.sigma, hand.onCamera);
    this.layout = new Layout(this.graph, (done) => this.settle(done));
    this.listen();
  }

  /** Show this picture; nodes that stay keep their places. */
  show(picture: Picture): void {
    const kept = picture.nodes.flatMap(({ id }) => (places.has(id) ? [[id, places.get(id)!] as const] : []));
    const fresh = show(this.graph, picture, new Map([...kept, ...this.pinned]));
    this.sigma.setSetting("hideEdgesOnMove", this.graph.size > MOST_MOVING);
    const started = this.first && this.graph.order > 0;
    if (started) this.sigma.setCustomBBox(null);
    if (fresh) this.layout.run(new Set(this.pinned.keys()), { first: fresh > this.graph.order / 2 });
    else if (started) this.settle(true);
    this.first = this.graph.order === 0;
    this.light(this.hovered);
  }

  look(seen: Look): void {
    this.seen = seen;
    this.light(this.hovered);
  }

  relax(): void {
    this.sigma.setCustomBBox(null);
    this.layout.run(new Set(this.pinned.keys()), { first: true });
  }

  stop(): void {
    this.layout.stop();
    this.settle(true);
  }

  fit(): void {
    this.sigma.setCustomBBox(null);
    this.hold();
    this.sigma.refresh();
    void this.sigma.getCamera().animatedReset({ duration: 200 });
  }

  zoom(factor: number): void {
    const camera = this.sigma.getCamera();
    void camera.animatedZoom({ factor, duration: 120 });
  }

  /** Bring a node to the middle, if it is on screen at all. */
  centre(id: string): void {
    const data = this.sigma.getNodeDisplayData(id);
    if (data) void this.sigma.getCamera().animate({ x: data.x, y: data.y, ratio: Math.min(0.6, this.sigma.getCamera().ratio) }, { duration: 250 });
  }

  unpin(id: string): void {
    this.pinned.delete(id);
  }

  spot(id: string): Spot | null {
    return this.graph.hasNode(id) ? { x: this.graph.getNodeAttribute(id, "x"), y: this.graph.getNodeAttribute(id, "y") } : null;
  }

  /** Ids of the nodes that a closed line on the canvas goes round; `line` in pixels of the canvas. */
  inside(line: readonly Spot[]): string[] {
    return this.graph.filterNodes((_id, { x, y }) => within(this.sigma.graphToViewport({ x, y }), line));
  }

  /** The node nearest to `from` in a direction of the screen, for the arrow keys. */
  towards(from: string, dx: number, dy: number): string | null {
    const here = this.onScreen(from);
    if (!here) return null;
    let best: string | null = null;
    let least = Number.POSITIVE_INFINITY;
    for (const id of this.graph.nodes()) {
      const there = this.onScreen(id);
      if (id === from || !there) continue;
      const along = (there.x - here.x) * dx + (there.y - here.y) * dy;
      const across = Math.abs((there.x - here.x) * dy) + Math.abs((there.y - here.y) * dx);
      if (along > 0 && along + 2 * across < least) {
        least = along + 2 * across;
        best = id;
      }
    }
    return best;
  }

  close(): void {
    this.resized.disconnect();
    this.eye.close();
    places = new Map(this.graph.mapNodes((id, { x, y }) => [id, { x, y }]));
    this.layout.close();
    this.sigma.kill();
  }

  /** The edge nearest to a spot of the canvas, at most some pixels away. Sigma would draw all edges twice to know. */
  private edgeAt(spot: Spot): string | null {
    const places = new Map(this.graph.mapNodes((id, { x, y }) => [id, this.sigma.graphToViewport({ x, y })]));
    let least = NEAR;
    return this.graph.reduceEdges<string | null>((best, edge, _data, source, target) => {
      const away = offLine(spot, places.get(source)!, places.get(target)!);
      if (away >= least) return best;
      least = away;
      return edge;
    }, null);
  }

  private onScreen(id: string): Spot | null {
    const spot = this.spot(id);
    return spot && this.sigma.graphToViewport(spot);
  }

  private settle(done: boolean): void {
    if (done) this.hold();
    this.sigma.refresh();
    if (done) this.eye.settle();
  }

  /** Keep the ground where it is while nodes come and go, unless they no longer fit it. */
  private hold(): void {
    const nodes = this.graph.mapNodes((_id, { x, y }) => ({ x, y }));
    const now = boxOf(nodes);
    const held = this.sigma.getCustomBBox();
    if (!now || (held && fits(now, held))) return;
    // beside the tools and the legend, where there is room for both
    const aside = this.box.clientWidth > ROOMY ? (BESIDE / (this.box.clientWidth - BESIDE)) * (now.right - now.left) : 0;
    this.sigma.setCustomBBox({ x: [now.left - aside, now.right], y: [now.top, now.bottom] });
  }

  private light(id: string | null): void {
    this.hovered = id !== null && this.graph.hasNode(id) ? id : null;
    const around = this.hovered ? [this.hovered] : [...this.seen.selected].filter((one) => this.graph.hasNode(one));
    this.lit = new Set(around.flatMap((one) => [one, ...this.graph.neighbors(one)]));
    this.box.classList.toggle("over", this.hovered !== null);
    this.sigma.refresh({ skipIndexation: true });
  }

  private drawnNode(id: string, data: NodeData) {
    const { seen, hovered } = this;
    const pointed = id === hovered || id === seen.focus;
    const chosen = pointed || seen.selected.has(id);
    const size = data.size * this.scale;
    const faint = (this.lit.size > 0 && !this.lit.has(id)) || seen.faint(data);
    return {
      ...data,
      size: chosen ? size + 2.5 : size,
      color: faint
        ? seen.token("node-uncovered")
        : seen.selected.has(id) || id === seen.focus
          ? seen.token("accent")
          : seen.token(nodeToken(data.node, seen.colouring, seen.types, seen.after)),
      label: faint && !chosen ? "" : data.label,
      always: pointed || (chosen && seen.selected.size <= MOST_NAMED),
      forceLabel: chosen || (this.lit.has(id) && this.lit.size <= 40),
      zIndex: chosen ? 3 : this.lit.has(id) ? 2 : faint ? 0 : 1,
    };
  }

  private drawnEdge(edge: string, data: EdgeData) {
    const { seen } = this;
    const [source, target] = this.graph.extremities(edge);
    const both = seen.selected.has(source) && seen.selected.has(target);
    const touches = this.hovered ? source === this.hovered || target === this.hovered : seen.selected.has(source) || seen.selected.has(target);
    const count = coveredAfter(data.edge, seen.after);
    const plain = seen.colouring === "coverage" && count > 0 ? seen.token(coverToken(count)) : seen.token("edge");
    return {
      ...data,
      size: both ? data.size + 2 : data.size,
      color: both ? seen.token("edge-lit") : touches ? seen.token("strong-line") : plain,
      hidden: this.lit.size > 0 && !touches && !both && this.graph.size > 1500,
      zIndex: both ? 2 : touches ? 1 : 0,
    };
  }

  private listen(): void {
    const { sigma } = this;
    sigma.on("enterNode", ({ node }) => this.dragged ?? this.light(node));
    sigma.on("leaveNode", () => this.dragged ?? this.light(null));
    sigma.on("clickNode", ({ node, event }) => {
      const key = event.original;
      if (!this.moved) this.hand.onChoose(node, key.shiftKey || key.ctrlKey || key.metaKey);
    });
    sigma.on("clickStage", ({ event }) => {
      const edge = this.edgeAt(event);
      if (edge) this.hand.onEdge(...this.graph.extremities(edge));
      else this.hand.onGround();
    });
    sigma.on("doubleClickNode", ({ node, preventSigmaDefault }) => {
      preventSigmaDefault();
      this.hand.onOpen(node);
    });
    sigma.on("downNode", ({ node }) => {
      this.dragged = node;
      this.moved = false;
      this.hold();
    });
    sigma.on("moveBody", ({ event, preventSigmaDefault }) => {
      if (this.dragged === null) return;
      const spot = sigma.viewportToGraph(event);
      this.graph.mergeNodeAttributes(this.dragged, spot);
      this.moved = true;
      preventSigmaDefault();
      event.original.preventDefault();
    });
    const drop = () => {
      const spot = this.dragged !== null && this.moved ? this.spot(this.dragged) : null;
      if (spot && this.dragged !== null) {
        this.pinned.set(this.dragged, spot);
        this.hand.onPin(this.dragged, spot);
      }
      this.dragged = null;
    };
    sigma.on("upNode", drop);
    sigma.on("upStage", drop);
  }
}

type Extent = NonNullable<ReturnType<Sigma["getCustomBBox"]>>;

/** Whether what is there lies on the ground that is held, and is not lost on it. */
function fits(now: Box, held: Extent): boolean {
  const within = now.left >= held.x[0] && now.right <= held.x[1] && now.top >= held.y[0] && now.bottom <= held.y[1];
  const across = Math.max(now.right - now.left, now.bottom - now.top);
  return within && 2 * across > Math.max(held.x[1] - held.x[0], held.y[1] - held.y[0]);
}

/** How large discs are drawn: smaller on a narrow canvas. */
function scaleOf(box: HTMLElement): number {
  return Math.min(1, Math.max(0.45, Math.sqrt(box.clientWidth * box.clientHeight) / ROOMY));
}
