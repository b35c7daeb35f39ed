/** From what is selected to texts: choose how, see the exact prompt and the price, start, watch, accept or reject. */
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { api } from "../api/client";
import type { Choices, Order, Preview, RunRow, TextRow } from "../api/types";
import { CopyCommand } from "../parts/copy";
import { count, dollars, duration, plain } from "../parts/words";
import { told, useAsked } from "../state/asked";
import { watch } from "../state/events";
import { announce, fetched, go, refresh } from "../state/page";
import { TextCard } from "../texts/card";
import { GoOn, RunFigures } from "../runs/figures";
import { order } from "./order";

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
              {choices.samplers.map((one) => <option key={one.name} value={one.name} title={one.what}>{one.name}</option>)}
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

function cost(preview: Preview): string {
  const out = `${plain(preview.tokens_in)} tokens in, about ${plain(preview.tokens_out)} out`;
  const again = preview.reused ? `, ${plain(preview.reused)} known already and free` : "";
  return `${count(preview.calls, "request")}${again} · ${out} · ${dollars(preview.usd)} · ${duration(preview.seconds)}`;
}

function Prompts({ preview }: { preview: Preview }) {
  return (
    <div class="stack">
      <div class="figures">
        <div><strong>{plain(preview.calls)}</strong><span class="quiet small">requests{preview.reused ? `, ${plain(preview.reused)} known` : ""}</span></div>
        <div><strong>{plain(preview.tokens_in)}</strong><span class="quiet small">tokens in</span></div>
        <div><strong>{plain(preview.tokens_out_low)}–{plain(preview.tokens_out_high)}</strong><span class="quiet small">tokens out</span></div>
        <div><strong>{dollars(preview.usd)}</strong><span class="quiet small">{preview.usd_high ? `at most ${dollars(preview.usd_high)}` : "in all"}</span></div>
        <div><strong>{duration(preview.seconds)}</strong><span class="quiet small">at this model’s pace</span></div>
      </div>
      {preview.needs_limit && <p class="remark">This is a hosted model and nothing limits the cost: give a number of subgraphs or a budget.</p>}
      {preview.remarks.map((remark) => <p key={remark} class="quiet small">{remark}</p>)}
      {preview.prompts.map((prompt, number) => (
        <details key={number} open={number === 0}>
          <summary dir="auto">{prompt.title} ({count(prompt.tokens_in, "token")})</summary>
          {prompt.messages.map((message, i) => (
            <div key={i}>
              <p class="small quiet">{message.role}</p>
              <pre dir="auto">{message.content}</pre>
            </div>
          ))}
        </details>
      ))}
      {!preview.prompts.length && <p class="quiet">Nothing would be sent: every text of this plan is there already.</p>}
    </div>
  );
}

/** A run of this dialog as it writes. */
function Watching({ started, onAgain }: { started: RunRow; onAgain: () => void }) {
  const [row, setRow] = useState(started);
  const [texts, setTexts] = useState<TextRow[]>([]);
  const [problem, setProblem] = useState("");
  const again = fetched.value; // events may have been missed while the server was away
  useEffect(() => {
    const known = new Set(texts.map((text) => text.id));
    const load = () =>
      api.run(started.run).then(
        (found) => {
          setRow(found.row);
          setTexts((old) => merged(old, found.texts, known));
        },
        (failure: unknown) => setProblem(told(failure)),
      );
    void load();
    return watch((event) => {
      if (event.row?.run === started.run) {
        setRow(event.row);
        if (event.row.state !== "running" && event.row.state !== "stopping") {
          void load();
          refresh();
        }
      }
      if (event.text?.run === started.run) setTexts((old) => merged(old, [event.text!], known));
    });
  }, [started.run, again]);
  const running = row.state === "running" || row.state === "stopping";
  const act = (work: Promise<RunRow>) => work.then(setRow, (failure: unknown) => setProblem(told(failure)));
  return (
    <Frame
      foot={
        <>
          {running ? (
            <button type="button" class="main" disabled={row.state === "stopping"} onClick={() => act(api.stop(row.run))}>
              {row.state === "stopping" ? "Stopping…" : "Cancel"}
            </button>
          ) : (
            <button type="button" class="main" onClick={() => (order.value = null)}>Done</button>
          )}
          {!running && <GoOn row={row} act={act} />}
          {!running && <button type="button" class="plain" onClick={onAgain}>Change and start again</button>}
          <button type="button" class="plain" onClick={() => { order.value = null; go({ tab: "runs", run: row.run }); }}>See in Runs</button>
          <span class="push" />
          <CopyCommand command={row.command} />
        </>
      }
    >
      <RunFigures row={row} />
      {problem && <p class="problem">{problem}</p>}
      <div class="stack section" aria-live="polite">
        {texts.map((text) => <TextCard key={text.id} id={text.id} row={text} />)}
        {!texts.length && running && <p class="quiet">Waiting for the first answer…</p>}
        {!texts.length && !running && <p class="quiet">This run wrote nothing new.</p>}
      </div>
    </Frame>
  );
}

function merged(old: TextRow[], more: readonly TextRow[], known: Set<string>): TextRow[] {
  const fresh = more.filter((text) => !known.has(text.id));
  for (const text of fresh) known.add(text.id);
  return fresh.length ? [...fresh, ...old].slice(0, 100) : old;
}

function Frame({ children, foot }: { children: ComponentChildren; foot?: ComponentChildren }) {
  const scroll = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (document.activeElement === document.body) scroll.current?.focus(); // what had it is gone
  }, []);
  return (
    <>
      <header>
        <h2>Generate texts</h2>
        <button type="button" class="icon plain push" aria-label="Close" onClick={() => (order.value = null)}>
          ×
        </button>
      </header>
      <div class="scroll" ref={scroll} tabIndex={0} role="group" aria-label="What to write">{children}</div>
      {foot && <footer>{foot}</footer>}
    </>
  );
}

interface Numbered {
  name: string;
  value: number | null;
  none?: string;
  step?: string;
  onChange: (value: number | null) => void;
}

function NumberField({ name, value, none = "", step = "1", onChange }: Numbered) {
  return (
    <label class="field">
      {name}
      <input
        type="number"
        aria-label={name}
        min={0}
        step={step}
        placeholder={none}
        value={value ?? ""}
        onInput={(event) => {
          const { value: typed } = event.currentTarget;
          onChange(typed === "" || !Number.isFinite(Number(typed)) ? null : Number(typed));
        }}
      />
    </label>
  );
}
