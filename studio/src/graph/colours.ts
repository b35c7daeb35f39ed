/** Which colour a node has and what the legend says; colours come from the page's tokens. */
import { computed, signal } from "@preact/signals";
import type { Corpus, GraphEdge, GraphNode, Picture } from "../api/types";
import type { Colouring } from "../state/address";
import { short } from "./model";

export type Theme = "light" | "dark";
const TYPES = 10;

export const theme = signal<Theme>(startingTheme());

/** The colours of the theme by their names, read from the style sheet once for each theme. */
export const tokens = computed<(name: string) => string>(() => {
  document.documentElement.dataset.theme = theme.value;
  const style = getComputedStyle(document.documentElement);
  const known = new Map<string, string>();
  return (name) => {
    const found = known.get(name) ?? style.getPropertyValue(`--${name}`).trim();
    known.set(name, found);
    return found || "#888888";
  };
});

// until somebody chooses, the system does, also while the page is open
globalThis.matchMedia?.("(prefers-color-scheme: dark)").addEventListener("change", () => (theme.value = startingTheme()));

export function setTheme(next: Theme): void {
  theme.value = next;
  try {
    localStorage.setItem("entigraph-theme", next);
  } catch {
    // private windows may keep nothing; the choice then lasts as long as the page
  }
}

function startingTheme(): Theme {
  try {
    const kept = localStorage.getItem("entigraph-theme");
    if (kept === "light" || kept === "dark") return kept;
  } catch {
    // as above
  }
  return globalThis.matchMedia?.("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

/** How many of the first `after` texts are among these ordinals; all of them where `after` is null. */
export function coveredAfter(one: Pick<GraphNode | GraphEdge, "covered" | "covered_at">, after: number | null): number {
  return after === null ? one.covered : one.covered_at.filter((order) => order <= after).length;
}

/** Name of the colour for so many texts: none, 1, 2, 3 to 4, 5 or more. */
export function coverToken(count: number): string {
  return `cover-${count < 3 ? count : count < 5 ? 3 : 4}`;
}
export const COVER_WORDS = ["no text", "1 text", "2 texts", "3 or 4 texts", "5 texts or more"] as const;

/** Name of the colour of each type: the ten largest of the corpus have one, so that it is the same on every picture. */
export function typeTokens(corpus: Corpus | null): Map<string, string> {
  return new Map((corpus?.types ?? []).filter((one) => one.name).map((one, i) => [one.name, i < TYPES ? `type-${i}` : "type-other"]));
}

export function communityToken(community: number): string {
  return community >= 0 && community < TYPES ? `type-${community}` : "type-other";
}

export interface LegendRow {
  key: string;
  name: string;
  token: string;
  count: number;
}

/** The rows of the legend for what is on screen, the largest first; for coverage in the order of the scale. */
export function legend(picture: Picture, corpus: Corpus | null, colouring: Colouring, after: number | null): LegendRow[] {
  const types = typeTokens(corpus);
  const middles = middleOf(picture.nodes);
  const rows = new Map<string, LegendRow>();
  for (const node of picture.nodes) {
    const row = rowOf(node);
    const known = rows.get(row.key);
    if (known) known.count += 1;
    else rows.set(row.key, { ...row, count: 1 });
  }
  const found = [...rows.values()];
  return colouring === "coverage"
    ? found.sort((a, b) => (a.key < b.key ? -1 : 1))
    : found.sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1));

  function rowOf(node: GraphNode): Omit<LegendRow, "count"> {
    if (colouring === "type") {
      return { key: node.type, name: node.type || "no type", token: types.get(node.type) ?? "type-other" };
    }
    if (colouring === "community") {
      const token = communityToken(node.community);
      return token === "type-other"
        ? { key: token, name: "smaller communities", token }
        : { key: token, name: middles.get(node.community) ?? "", token };
    }
    const token = coverToken(coveredAfter(node, after));
    return { key: token, name: COVER_WORDS[Number(token.slice(-1))] ?? token, token };
  }
}

/** The name of the best joined node of each community. */
function middleOf(nodes: readonly GraphNode[]): Map<number, string> {
  const best = new Map<number, GraphNode>();
  for (const node of nodes) {
    const known = best.get(node.community);
    if (!known || node.degree > known.degree) best.set(node.community, node);
  }
  return new Map([...best].map(([community, node]) => [community, short(node.name, 24)]));
}

/** Name of the colour of one node. */
export function nodeToken(
  node: GraphNode,
  colouring: Colouring,
  types: ReadonlyMap<string, string>,
  after: number | null,
): string {
  if (colouring === "type") return types.get(node.type) ?? "type-other";
  return colouring === "community" ? communityToken(node.community) : coverToken(coveredAfter(node, after));
}
