/** Command lines that do what the page does, where the server does not say them itself. */
import { addressOf } from "../state/address";
import { corpus, place } from "../state/page";

/** A word as a shell takes it. */
export function quoted(word: string): string {
  return /^[\w./+:,@%=-]+$/.test(word) ? word : `'${word.replace(/'/g, "'\\''")}'`;
}

function line(...words: string[]): string {
  return ["entigraph", ...words].join(" ");
}

function here(): string {
  return corpus.peek()?.typed ?? "";
}

/** The picture that is on screen, as a page of its own; or, where that cannot be the same, this page at this place. */
export function ofView(): string {
  const { view, pinned, camera, colouring } = place.value;
  const { added, expanded, hidden, labels, documents, types } = view;
  const more = [added, expanded, hidden, labels, documents, pinned, types.slice(1)].some((one) => one.length > 0);
  if (more || view.least_weight > 0 || camera || colouring !== "type") {
    return line("serve", corpus.value?.typed ?? "", "--port", "0", "--open", "--at", quoted(addressOf({ ...place.value, selected: [] })));
  }
  const words = ["show", corpus.value?.typed ?? "", "--top", String(Math.max(1, view.top))];
  if (view.around) words.push("--around", view.around, "--hops", String(Math.max(1, view.hops)));
  if (view.types.length === 1) words.push("--type", quoted(view.types[0]!));
  return line(...words);
}

/** The whole graph as a file; a picture is made by a line of Python. */
export function ofFile(kind: string): string {
  if (kind !== "svg" && kind !== "png") return line("export", here(), "--format", kind, "-o", `graph.${kind}`);
  const { view } = place.peek();
  const around = view.around ? `, around='${view.around}', hops=${view.hops}` : "";
  return `python -c "import kg; from kg.picture import picture; picture(kg.open(${JSON.stringify(corpus.peek()?.location ?? "").replaceAll('"', "'")}).graph(), 'graph.svg', top=${Math.max(1, view.top)}${around})"`;
}

export function ofPath(names: readonly string[]): string {
  return line("show", here(), "--around", quoted(names[0] ?? ""), ...names.flatMap((name) => ["--highlight", quoted(name)]));
}

export function ofVerdict(text: string, status: "accepted" | "rejected", reason: string): string {
  return status === "accepted"
    ? line("texts", "accept", here(), text)
    : line("texts", "reject", here(), text, "--reason", quoted(reason));
}

export function ofEdit(text: string): string {
  return line("texts", "edit", here(), text, "edited.txt");
}

export function ofTexts(): string {
  const { texts, run } = place.value;
  const asked = { status: texts.status, reason: texts.reason, search: texts.words, run: run ?? "" };
  const given = Object.entries(asked).filter(([, value]) => value);
  return line("texts", "list", corpus.value?.typed ?? "", ...given.flatMap(([name, value]) => [`--${name}`, quoted(value)]));
}

export function ofRuns(): string {
  return line("runs", "list", corpus.value?.typed ?? "");
}
