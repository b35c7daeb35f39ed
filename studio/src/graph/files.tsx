/** The view as a file. */
import { useState } from "preact/hooks";
import { api } from "../api/client";
import { ofFile } from "../parts/commands";
import { did } from "../parts/did";
import { told } from "../state/asked";
import { corpus, onScreen, place } from "../state/page";
import { nodeToken, tokens, typeTokens } from "./colours";
import { pngOf, svgOf } from "./drawing";
import { canvas } from "./drawn";

const KINDS = ["png", "svg", "graphml", "gexf", "json"] as const;

export function FileMenu() {
  const [problem, setProblem] = useState("");
  async function save(kind: (typeof KINDS)[number]) {
    setProblem("");
    try {
      const name = `${corpus.peek()?.name ?? "graph"}.${kind}`;
      download(await made(kind), name);
      did(`${name} is made`, ofFile(kind));
    } catch (failure) {
      setProblem(told(failure));
    }
  }
  return (
    <>
      {problem && <span class="problem">{problem}</span>}
      <select
        aria-label="Save the view as a file"
        value=""
        onChange={(event) => {
          const kind = KINDS.find((one) => one === event.currentTarget.value);
          event.currentTarget.value = "";
          if (kind) void save(kind);
        }}
      >
        <option value="">Save as…</option>
        {KINDS.map((kind) => (
          <option key={kind} value={kind}>
            {kind === "graphml" ? "GraphML" : kind.toUpperCase()}
          </option>
        ))}
      </select>
    </>
  );
}

async function made(kind: (typeof KINDS)[number]): Promise<Blob> {
  const drawn = canvas.peek();
  const { view, colouring, after } = place.peek();
  if (kind !== "svg" && kind !== "png") return await api.exported(view, kind);
  if (!drawn) throw new Error("there is no picture to save; GraphML, GEXF and JSON need none");
  const types = typeTokens(corpus.peek());
  const token = tokens.peek();
  const node = (id: string) => token(nodeToken(onScreen.peek().get(id)!, colouring, types, after));
  const svg = svgOf(drawn, { token, node });
  return kind === "svg" ? new Blob([svg], { type: "image/svg+xml" }) : await pngOf(svg);
}

function download(file: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
