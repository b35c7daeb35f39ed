/** What is on screen as an SVG file, and that as a PNG. */
import type { Canvas } from "./canvas";
import { room } from "./labels";
import { boxOf } from "./plane";

export interface Ink {
  node: (id: string) => string;
  token: (name: string) => string;
}

const MARGIN = 40;
const WIDE = 1600;
const EMPTY = { left: 0, top: 0, right: 1, bottom: 1 };

/** The graph as it lies on the canvas, all of it, 1,600 pixels wide. */
export function svgOf(canvas: Canvas, ink: Ink): string {
  const { graph } = canvas;
  const nodes = graph.nodes().map((id) => ({ id, ...graph.getNodeAttributes(id) }));
  const { left, top, right, bottom } = boxOf(nodes.map(({ x, y }) => ({ x, y: -y }))) ?? EMPTY;
  const scale = (WIDE - 2 * MARGIN) / Math.max(1, right - left, bottom - top);
  const high = Math.round((bottom - top) * scale + 2 * MARGIN);
  const at = ({ x, y }: { x: number; y: number }) => ({ x: MARGIN + (x - left) * scale, y: MARGIN + (-y - top) * scale });
  const rounded = (value: number) => value.toFixed(1);
  const lines = graph.mapEdges((_edge, data, _s, _t, source, target) => {
    const [a, b] = [at(source), at(target)];
    return `<line x1="${rounded(a.x)}" y1="${rounded(a.y)}" x2="${rounded(b.x)}" y2="${rounded(b.y)}" stroke="${ink.token("edge")}" stroke-width="${rounded(data.size)}"/>`;
  });
  const discs = nodes.map((node) => {
    const { x, y } = at(node);
    return `<circle cx="${rounded(x)}" cy="${rounded(y)}" r="${rounded(node.size)}" fill="${ink.node(node.id)}"/>`;
  });
  const labels = room(
    nodes.map((node) => ({ text: node.label, ...at(node), size: node.size, always: false })),
    (text, font) => [...text].reduce((sum, letter) => sum + (letter > "\u2e80" ? font : font * 0.56), 0),
  ).map(
    ({ text, x, y, font }) =>
      `<text x="${rounded(x)}" y="${rounded(y)}" dy="0.35em" font-size="${font}">${escaped(text)}</text>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDE}" height="${high}" viewBox="0 0 ${WIDE} ${high}" font-family="system-ui, sans-serif">`,
    `<rect width="100%" height="100%" fill="${ink.token("ground")}"/>`,
    ...lines,
    ...discs,
    `<g fill="${ink.token("ink")}" stroke="${ink.token("ground")}" stroke-width="3" paint-order="stroke">`,
    ...labels,
    "</g></svg>",
  ].join("\n");
}

/** The picture of an SVG file as a PNG file. */
export async function pngOf(svg: string): Promise<Blob> {
  const address = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    await new Promise((loaded, failed) => {
      image.onload = loaded;
      image.onerror = () => failed(new Error("the browser could not draw the picture"));
      image.src = address;
    });
    const sheet = document.createElement("canvas");
    sheet.width = image.naturalWidth;
    sheet.height = image.naturalHeight;
    sheet.getContext("2d")!.drawImage(image, 0, 0);
    return await new Promise((made, failed) =>
      sheet.toBlob((blob) => (blob ? made(blob) : failed(new Error("the picture is too large for this browser")))),
    );
  } finally {
    URL.revokeObjectURL(address);
  }
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`);
}
