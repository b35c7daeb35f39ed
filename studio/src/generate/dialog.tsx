/** From what is selected to texts: choose how, see the exact prompt and the price, start, watch, accept or reject. */
import { useEffect, useRef, useState } from "preact/hooks";
import { api } from "../api/client";
import type { Choices, Order, Preview, RunRow } from "../api/types";
import { CopyCommand } from "../parts/copy";
import { Told } from "../parts/did";
import { count } from "../parts/words";
import { told, useAsked } from "../state/asked";
import { announce } from "../state/page";
import { NumberField } from "./fields";
import { Frame } from "./frame";
import { order } from "./order";
import { cost, Prompts } from "./prompts";
import { Watching } from "./watching";

const WAIT_MS = 250;

export function GenerateDialog() {
  const given = order.value;
  const box = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (given) box.current?.showModal();
    else box.current?.close();
  }, [given !== null]);
  return (
    <dialog ref={box} aria-label="Generate texts" onClose={() => (order.value = null)}>
      {given && <Body start={given} />}
      {given && <Told />}
    </dialog>
  );
}

function Body({ start }: { start: Order }) {
  const { answer: choices, problem } = useAsked("choices", () => api.choices());
  const [wanted, setWanted] = useState<Order>(start);
  const [run, setRun] = useState<RunRow | null>(null);
  if (problem) return <Frame><p class="problem">{problem}</p></Frame>;
  if (!choices) return <Frame><p class="quiet">…</p></Frame>;
  if (run) return <Watching key={run.run} started={run} onAgain={() => setRun(null)} />;
  return <Choosing choices={choices} wanted={wanted} onChange={setWanted} onStarted={setRun} />;
}

interface Choice {
  choices: Choices;
  wanted: Order;
  onChange: (order: Order) => void;
  onStarted: (run: RunRow) => void;
}

function Choosing({ choices, wanted, onChange, onStarted }: Choice) {
  const [preview, setPreview] = useState<Preview | null>(null);
  const [problem, setProblem] = useState("");
  const [starting, setStarting] = useState(false);
  const key = JSON.stringify(wanted);
  useEffect(() => {
    const control = new AbortController();
    const timer = setTimeout(() => {
      api.preview(wanted, control.signal).then(
        (seen) => {
          setPreview(seen);
          setProblem("");
        },
        (failure: unknown) => {
          if (control.signal.aborted) return;
          setPreview(null);
          setProblem(told(failure));
        },
      );
    }, WAIT_MS);
    return () => {
      clearTimeout(timer);
      control.abort();
    };
  }, [key]);
  const set = (change: Partial<Order>) => onChange({ ...wanted, ...change });
  const chosen = wanted.subgraphs?.length ?? 0;
  const model = wanted.model || choices.model;
  const known = choices.models.some((one) => one.name === model);

  async function begin() {
    setStarting(true);
    try {
      onStarted(await api.generate(wanted));
      announce("Generating");
    } catch (failure) {
      setProblem(told(failure));
    } finally {
      setStarting(false);
    }
  }
  return (
    <Frame
      foot={
        <>
          <button type="button" class="main" disabled={!preview || preview.needs_limit || starting} onClick={begin}>
            Start
          </button>
          <span class="small quiet">{preview ? cost(preview) : problem ? "" : "reckoning…"}</span>
          <span class="push" />
          <CopyCommand command={preview?.command ?? ""} />
        </>
      }
    >
      <p class="quiet">
        {chosen === 1
          ? "A text about what you selected."
          : chosen
            ? `Texts about ${count(chosen, "selection")}, each with the relations among its entities.`
            : "Texts about what a sampler chooses of the whole graph."}
      </p>
      <div class="form section">
        <label class="field">
          Strategy
          <select aria-label="Strategy" value={wanted.strategy ?? ""} onChange={(event) => set({ strategy: event.currentTarget.value })}>
            <option value="">what fits the number of entities</option>
            {choices.strategies.map((one) => (
              <option key={one.name} value={one.name} title={one.what}>
                {one.name}: {one.what}
              </option>
            ))}
          </select>
        </label>
        <label class="field">
          Model
          <select aria-label="Model" value={model} onChange={(event) => set({ model: event.currentTarget.value })}>
            {!known && <option value={model}>{model}</option>}
            {choices.models.map((one) => (
              <option key={one.name} value={one.name} title={one.problem || one.what}>
                {one.name} {one.problem ? "(cannot run yet)" : ""}
              </option>
            ))}
          </select>
        </label>
        {!chosen && (
          <label class="field">
            Sampler
            <select aria-label="Sampler" value={wanted.sampler ?? "edges"} onChange={(event) => set({ sampler: event.currentTarget.value })}>
              {choices.samplers.map((one) => <option key={one.name} value={one.name} title={one.what}>{one.name}: {one.what}</option>)}
            </select>
          </label>
        )}
        <NumberField name="Subgraphs at most" value={wanted.n ?? null} none="all" onChange={(n) => set({ n })} />
        <NumberField name="Texts about each" value={wanted.wordings ?? 1} onChange={(wordings) => set({ wordings: wordings ?? 1 })} />
        <NumberField name="Budget, dollars" value={wanted.budget_usd ?? null} none="no limit" step="any" onChange={(budget_usd) => set({ budget_usd })} />
        <NumberField name="Budget, tokens" value={wanted.budget_tokens ?? null} none="no limit" onChange={(budget_tokens) => set({ budget_tokens })} />
        <NumberField name="Longest answer, tokens" value={wanted.max_tokens ?? null} none={String(choices.max_tokens)} onChange={(max_tokens) => set({ max_tokens })} />
        <NumberField name="Temperature" value={wanted.temperature ?? null} none={String(choices.temperature)} step="any" onChange={(temperature) => set({ temperature })} />
        <label class="field">
          Language
          <select aria-label="Language" value={wanted.text_language ?? "auto"} onChange={(event) => set({ text_language: event.currentTarget.value })}>
            <option value="auto">that of the documents</option>
            <option value="en">English</option>
            <option value="zh">Chinese</option>
          </select>
        </label>
      </div>
      <div class="row section">
        {!chosen && (
          <label class="tick">
            <input type="checkbox" checked={wanted.uncovered ?? false} onChange={(event) => set({ uncovered: event.currentTarget.checked })} />
            Only what no text covers
          </label>
        )}
        <label class="tick">
          <input type="checkbox" checked={wanted.refresh ?? false} onChange={(event) => set({ refresh: event.currentTarget.checked })} />
          Write again what is stale
        </label>
      </div>
      <section class="section" role="region" aria-label="Prompt preview" aria-live="polite">
        <h3>What would be sent</h3>
        {problem && <p class="problem">{problem}</p>}
        {preview && <Prompts preview={preview} />}
      </section>
    </Frame>
  );
}
