/** What the texts cover, what more would, and what a target takes or a budget buys. */
import { useEffect, useMemo, useState } from "preact/hooks";
import { api } from "../api/client";
import type { CoverageAnswer, CoverageNow, CoverageQuestion, PlanRow, Unit } from "../api/types";
import { openOrder } from "../generate/order";
import { CopyCommand } from "../parts/copy";
import { count, dollars, percent, plain } from "../parts/words";
import { told, useAsked } from "../state/asked";
import { AMOUNTS, type Limit, type Reckoned, UNITS } from "../state/address";
import { corpus, go, place } from "../state/page";
import { Chart } from "./chart";
import { together } from "./series";

/** Reckon something else: a new entry in the history, unless a hand is still turning at it. */
function reckon(change: Partial<Reckoned>, instead = false) {
  go({ coverage: { ...place.peek().coverage, ...change } }, { instead });
}

export function CoveragePanel() {
  const { unit, times } = place.value.coverage;
  const { answer, problem } = useAsked(`coverage ${unit} ${times}`, (signal) => api.coverage(unit, times, signal));
  return (
    <div class="panel" tabIndex={-1}>
      <div class="stack">
        <div class="row">
          <h2>Coverage</h2>
          <span class="push" />
          <label class="field">
            Count
            <select aria-label="Unit" value={unit} onChange={(event) => reckon({ unit: event.currentTarget.value as Unit })}>
              {UNITS.map((one) => <option key={one} value={one}>{one}</option>)}
            </select>
          </label>
          <label class="field">
            as covered after
            <select aria-label="Times" value={String(times)} onChange={(event) => reckon({ times: Number(event.currentTarget.value) })}>
              {[...new Set([1, 2, 3, 5, 10, times])].sort((a, b) => a - b).map((one) => <option key={one} value={String(one)}>{count(one, "text")}</option>)}
            </select>
          </label>
        </div>
        {problem && <p class="problem">{problem}</p>}
        {!answer && !problem && <p class="quiet" role="status">Counting what the texts cover…</p>}
        {answer && <Now now={answer} />}
        {answer && <Plan key={`${unit} ${times}`} now={answer} />}
        {answer && <Documents now={answer} />}
      </div>
    </div>
  );
}

function Now({ now }: { now: CoverageNow }) {
  return (
    <div class="figures">
      {now.units.map((one) => (
        <div key={one.unit}>
          <strong>{percent(one.total ? one.covered / one.total : 0)}</strong>
          <span class="quiet small">
            {plain(one.covered)} of {plain(one.total)} {one.unit}
          </span>
        </div>
      ))}
      <div>
        <strong>{plain(now.texts)}</strong>
        <span class="quiet small">texts count, of {plain(now.answers)} answers</span>
      </div>
      <div>
        <strong>{plain(now.tokens)}</strong>
        <span class="quiet small">tokens paid</span>
      </div>
    </div>
  );
}

function Plan({ now }: { now: CoverageNow }) {
  const { answer: choices } = useAsked("choices", () => api.choices());
  const { unit, times, sampler, limit, amount, model } = place.value.coverage;
  const [found, setFound] = useState<CoverageAnswer | null>(null);
  const [problem, setProblem] = useState("");
  const question: CoverageQuestion = { sampler, unit, times, model, strategy: "", seed: 0, [limit]: amount };
  const key = JSON.stringify(question);
  useEffect(() => {
    const control = new AbortController();
    const timer = setTimeout(() => {
      api.expected(question, control.signal).then(
        (answer) => {
          setFound(answer);
          setProblem("");
        },
        (failure: unknown) => control.signal.aborted || setProblem(told(failure)),
      );
    }, 120);
    return () => {
      clearTimeout(timer);
      control.abort();
    };
  }, [key, now.generation]);
  const curves = useMemo(() => together(now.curve, found?.curve ?? [], found?.from_nothing ?? []), [now, found]);
  const target = limit === "target" ? amount : (found?.plan?.coverage ?? null);
  return (
    <section class="stack" aria-label="Simulation">
      <Chart
        data={curves}
        unit={unit}
        target={target}
        onTarget={(share) => reckon({ limit: "target", amount: share }, place.peek().coverage.limit === "target")}
      />
      <div class="form">
        <label class="field">
          Sampler
          <select aria-label="Sampler of the simulation" value={sampler} onChange={(event) => reckon({ sampler: event.currentTarget.value })}>
            {!choices?.samplers.some((one) => one.name === sampler) && <option value={sampler}>{sampler}</option>}
            {choices?.samplers.map((one) => (
              <option key={one.name} value={one.name} title={one.what}>{one.name}: {one.what}</option>
            ))}
          </select>
        </label>
        <label class="field">
          Question
          <select
            aria-label="What to reckon"
            value={limit}
            onChange={(event) => {
              const next = event.currentTarget.value as Limit;
              reckon({ limit: next, amount: AMOUNTS[next] });
            }}
          >
            <option value="target">what a target takes</option>
            <option value="usd">what dollars buy</option>
            <option value="tokens">what tokens buy</option>
            <option value="texts">what so many texts buy</option>
          </select>
        </label>
        <label class="field">
          {limit === "target" ? "Target, per cent" : { usd: "Dollars", tokens: "Tokens", texts: "Texts" }[limit]}
          <input
            type="number"
            min={0}
            step="any"
            value={limit === "target" ? Math.round(amount * 1000) / 10 : amount}
            onInput={(event) => {
              const typed = Number(event.currentTarget.value);
              if (event.currentTarget.value === "" || !Number.isFinite(typed)) return;
              reckon({ amount: limit === "target" ? Math.min(1, Math.max(0.01, typed / 100)) : Math.max(0, typed) }, true);
            }}
          />
        </label>
        <label class="field">
          Model
          <select aria-label="Model of the plan" value={model} onChange={(event) => reckon({ model: event.currentTarget.value })}>
            <option value="">{choices?.model ?? "the usual one"}</option>
            {model && !choices?.models.some((one) => one.name === model) && <option value={model}>{model}</option>}
            {choices?.models.filter((one) => one.name !== choices.model).map((one) => <option key={one.name} value={one.name}>{one.name}</option>)}
          </select>
        </label>
      </div>
      {problem && <p class="problem">{problem}</p>}
      {!found && !problem && <p class="quiet" role="status">Reckoning what more texts would cover…</p>}
      {found?.problem && <p class="remark">{found.problem}</p>}
      {found?.plan && <PlanWords plan={found.plan} unit={unit} />}
      {found && (
        <div class="row">
          {found.plan && !corpus.value?.read_only && (
            <button
              type="button"
              class="main"
              onClick={() => openOrder({ subgraphs: [], sampler, model, n: found.plan!.items, wordings: found.plan!.wordings })}
            >
              Generate
            </button>
          )}
          <CopyCommand command={found.plan?.command ?? found.command} />
          <span class="quiet small break">
            {found.exact ? "exact" : "by simulation"}; {sampler} reaches at most {percent(found.ceiling)} of the {unit}
          </span>
        </div>
      )}
    </section>
  );
}

function between(low: number, high: number): string {
  return percent(low) === percent(high) ? "" : `, ${percent(low)} to ${percent(high)}`;
}

function PlanWords({ plan, unit }: { plan: PlanRow; unit: string }) {
  const range = (low: number, high: number | null) => `${plain(low)} to ${high === null ? "?" : plain(high)}`;
  return (
    <div class="textcard stack">
      <div class="figures">
        <div>
          <strong>{percent(plan.coverage)}</strong>
          <span class="quiet small">
            of the {unit}{between(plan.coverage_low, plan.coverage_high)}
          </span>
        </div>
        <div>
          <strong>{plain(plan.texts)}</strong>
          <span class="quiet small">texts asked for, {range(plan.texts_low, plan.texts_high)}</span>
        </div>
        <div>
          <strong>{plain(plan.tokens)}</strong>
          <span class="quiet small">tokens</span>
        </div>
        <div>
          <strong>{dollars(plan.usd)}</strong>
          <span class="quiet small">{count(plan.items, "subgraph")}, {count(plan.wordings, "wording")} each</span>
        </div>
      </div>
      {plan.says.map((one) => <p key={one} class="quiet small">{one}</p>)}
    </div>
  );
}

function Documents({ now }: { now: CoverageNow }) {
  const [all, setAll] = useState(false);
  if (!now.documents.length) return null;
  const rows = all ? now.documents : now.documents.slice(0, 10);
  const share = (covered: number, total: number) => (total ? `${percent(covered / total)} of ${plain(total)}` : "none");
  return (
    <section>
      <table aria-label="Coverage by document">
        <caption>Each document’s own entities and relations, the least covered first.</caption>
        <thead>
          <tr>
            <th scope="col">Document</th>
            <th scope="col" class="number">Entities</th>
            <th scope="col" class="number">Relations</th>
            <th scope="col" class="number">Texts</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.document}>
              <th scope="row">
                <button type="button" class="link" dir="auto" onClick={() => go({ tab: "browse", document: { id: row.document, at: 0 } })}>{row.title}</button>
              </th>
              <td class="number">{share(row.entities_covered, row.entities)}</td>
              <td class="number">{share(row.relations_covered, row.relations)}</td>
              <td class="number">{plain(row.texts)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {now.documents.length > 10 && !all && <button type="button" class="plain small" onClick={() => setAll(true)}>Show all {plain(now.documents.length)}</button>}
    </section>
  );
}
