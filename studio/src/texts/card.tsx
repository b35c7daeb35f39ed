/** A text with all that explains it: what it rests on, its checks, the exact prompt; and a reader's word on it. */
import { useState } from "preact/hooks";
import { api } from "../api/client";
import type { Order, Piece, TextDetails, TextRow } from "../api/types";
import { openOrder } from "../generate/order";
import { ofEdit, ofVerdict } from "../parts/commands";
import { CopyCommand } from "../parts/copy";
import { did } from "../parts/did";
import { Pieces } from "../parts/pieces";
import { count, dollars, duration } from "../parts/words";
import { told, useAsked } from "../state/asked";
import { corpus, go, goTo, refresh, select } from "../state/page";
import { PassageItem } from "../details/passages";

export function TextCard({ id, row, whole = false }: { id: string; row?: TextRow; whole?: boolean }) {
  const { answer, problem } = useAsked(`text ${id}`, (signal) => api.text(id, signal));
  const [changed, setChanged] = useState<TextDetails | null>(null);
  const text = changed ?? answer;
  if (problem) return <p class="problem">{problem}</p>;
  if (!text) return <article class="textcard"><p class="quiet break" dir="auto">{row?.begins ?? "…"}</p></article>;
  return <Card key={text.row.id} text={text} whole={whole} onChange={setChanged} />;
}

function Card({ text, whole, onChange }: { text: TextDetails; whole: boolean; onChange: (text: TextDetails) => void }) {
  const { row } = text;
  const [lit, setLit] = useState<readonly number[]>([]);
  const failed = text.checks.filter((check) => check.outcome === "failed");
  const unchecked = text.checks.filter((check) => check.outcome === "unchecked");
  return (
    <article class="textcard stack" aria-label={row.title || "Text"}>
      <header class="row top">
        <h3 class="break" dir="auto">
          {whole ? row.title || "untitled" : <button type="button" class="link" onClick={() => go({ tab: "texts", text: row.id })}>{row.title || "untitled"}</button>}
        </h3>
        <span class={`chip ${row.status} push`}>{row.status}</span>
      </header>
      {failed.map((check) => <p key={check.name} class="problem"><strong>{check.name}</strong>: {check.reason}</p>)}
      <div class="reading" dir="auto">
        {text.sentences.map((sentence, number) => (
          <span
            key={number}
            class={sentence.rests_on.length && sentence.rests_on === lit ? "sentence lit" : "sentence"}
            onMouseEnter={() => sentence.rests_on.length && setLit(sentence.rests_on)}
            title={sentence.rests_on.length ? `rests on ${sentence.rests_on.map((one) => one + 1).join(", ")}` : undefined}
          >
            <Pieces pieces={ended(sentence.pieces)} onEntity={goTo} />
            {whole && sentence.rests_on.length > 0 && (
              <sup>
                <button type="button" class="link small" aria-label={`Show the sources ${numbers(sentence.rests_on)}`} onClick={() => setLit(sentence.rests_on)}>
                  {numbers(sentence.rests_on)}
                </button>
              </sup>
            )}
            {gap(sentence.pieces)}
          </span>
        ))}
      </div>
      <Reader text={text} onChange={onChange} />
      <p class="small quiet break">
        {row.strategy} · {text.author === "model" ? row.model : "edited by hand"} · {count(text.tokens_in + text.tokens_out, "token")} ·{" "}
        {dollars(text.cost_usd)}
        {text.seconds !== null && ` · ${duration(text.seconds)}`}
      </p>
      <div class="row">
        {row.entities.length > 0 && (
          <button type="button" class="plain small" onClick={() => { go({ tab: "browse" }); row.entities.length === 1 ? goTo(row.entities[0]!) : select(row.entities); }}>
            Show in the graph: <span dir="auto">{row.names.slice(0, 3).join(", ")}</span>
          </button>
        )}
        {whole && <span class="push"><CopyCommand command={text.command} /></span>}
      </div>
      <details open={whole}>
        <summary>Sources ({text.sources.length})</summary>
        <ol>
          {text.sources.map((passage, number) => (
            <li key={number}>
              <span class="small quiet">{number + 1}</span>
              <PassageItem passage={passage} lit={lit.includes(number)} />
            </li>
          ))}
        </ol>
        {text.left_out.length > 0 && <p class="quiet small">Left out, to keep the prompt short: {count(text.left_out.length, "passage")}.</p>}
      </details>
      <details>
        <summary>
          Checks ({text.checks.length - failed.length - unchecked.length} passed, {failed.length} failed, {unchecked.length} unchecked)
        </summary>
        <ul class="list small">
          {text.checks.map((check) => (
            <li key={check.name} class="row">
              <span class={`chip ${check.outcome}`}>{check.outcome}</span> {check.name}
              {check.reason && <span class="quiet break">{check.reason}</span>}
            </li>
          ))}
        </ul>
      </details>
      {text.prompt.length > 0 && (
        <details>
          <summary>Exact prompt</summary>
          {text.prompt.map((message, number) => (
            <div key={number}>
              <p class="small quiet">{message.role}</p>
              <pre dir="auto">{message.content}</pre>
            </div>
          ))}
          <p class="small quiet break">{Object.entries(text.parameters).map(([name, value]) => `${name} ${value}`).join(", ")}</p>
        </details>
      )}
    </article>
  );
}

function numbers(rests: readonly number[]): string {
  return rests.map((one) => one + 1).join(" ");
}

/** The pieces without the white space at their end, which comes after the numbers of the sources. */
function ended(pieces: readonly Piece[]): Piece[] {
  return pieces.map((piece, i) => (i === pieces.length - 1 ? { ...piece, text: piece.text.trimEnd() } : piece));
}

function gap(pieces: readonly Piece[]): string {
  return /\s*$/.exec(pieces.at(-1)?.text ?? "")![0];
}

/** Accept, reject with a reason, edit. */
function Reader({ text, onChange }: { text: TextDetails; onChange: (text: TextDetails) => void }) {
  const [doing, setDoing] = useState<"" | "reject" | "edit">("");
  const [words, setWords] = useState("");
  const [problem, setProblem] = useState("");
  if (corpus.value?.read_only) return null;
  const { row } = text;
  async function act(work: Promise<TextDetails>, said: string, command: string) {
    try {
      onChange(await work);
      setDoing("");
      setProblem("");
      did(said, command);
      refresh();
    } catch (failure) {
      setProblem(told(failure));
    }
  }
  const open = (what: "reject" | "edit", start: string) => {
    setDoing(what);
    setWords(start);
  };
  return (
    <div class="stack">
      {doing === "" && (
        <div class="row">
          {row.status !== "accepted" && row.status !== "edited" && (
            <button type="button" onClick={() => act(api.judge(row.id, "accepted"), "Accepted", ofVerdict(row.id, "accepted", ""))}>Accept</button>
          )}
          {row.status !== "rejected" && <button type="button" onClick={() => open("reject", "")}>Reject</button>}
          <button type="button" class="plain" onClick={() => open("edit", plainText(text))}>Edit</button>
          {row.status === "rejected" && row.entities.length > 0 && text.author === "model" && (
            <button type="button" class="plain" title="Ask the model again, with the reason in the prompt" onClick={() => openOrder(again(row))}>
              Try again
            </button>
          )}
        </div>
      )}
      {doing !== "" && (
        <form
          class="stack"
          onSubmit={(event) => {
            event.preventDefault();
            void (doing === "edit"
              ? act(api.edit(row.id, words), "The edited text is kept; so is the old one", ofEdit(row.id))
              : act(api.judge(row.id, "rejected", words), "Rejected", ofVerdict(row.id, "rejected", words)));
          }}
        >
          <label class="field">
            {doing === "edit" ? "The text in your words" : "Why it is rejected"}
            <textarea rows={doing === "edit" ? 12 : 2} dir="auto" required value={words} onInput={(event) => setWords(event.currentTarget.value)} />
          </label>
          <div class="row">
            <button type="submit" class="main">{doing === "edit" ? "Keep" : "Reject"}</button>
            <button type="button" onClick={() => setDoing("")}>Leave as it is</button>
          </div>
        </form>
      )}
      {problem && <p class="problem">{problem}</p>}
    </div>
  );
}

/** The order that asks for this text once more. */
function again(row: TextRow): Order {
  return { subgraphs: [[...row.entities]], strategy: row.strategy, model: row.model, retry_rejected: 1 };
}

function plainText(text: TextDetails): string {
  return text.sentences.map((sentence) => sentence.pieces.map((piece) => piece.text).join("")).join("");
}
