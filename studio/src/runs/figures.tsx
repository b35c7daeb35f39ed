/** The numbers of a run and why it ended as it did. */
import { api } from "../api/client";
import type { Resume, RunRow } from "../api/types";
import { did } from "../parts/did";
import { count, dollars, duration, plain } from "../parts/words";
import { corpus } from "../state/page";

const WHY: Record<string, string> = {
  budget: "the budget is used up",
  limit: "the number of texts was reached",
  deadline: "its time was over",
  interrupt: "it was stopped",
  pilot: "fewer than half of the first 20 answers passed the checks",
  unreachable: "the model stayed away",
  denied: "the model refuses",
};

export function RunFigures({ row }: { row: RunRow }) {
  const rejected = Object.values(row.rejected).reduce((sum, one) => sum + one, 0);
  const whole = row.planned;
  const ready = row.done + rejected + row.failed + row.reused;
  const running = row.state === "running" || row.state === "stopping";
  const last = row.errors.at(-1);
  return (
    <div class="stack">
      <p class="row">
        <StateChip row={row} />
        {row.stopped && <span>{WHY[row.stopped] ?? row.stopped}</span>}
        <code class="push">{row.run}</code>
      </p>
      {whole > 0 && (
        <div class="meter" role="progressbar" aria-label="Texts of this run" aria-valuemin={0} aria-valuemax={whole} aria-valuenow={Math.min(ready, whole)}>
          <i ref={(bar) => void bar?.style.setProperty("width", `${(100 * Math.min(ready, whole)) / whole}%`)} />
        </div>
      )}
      <div class="figures">
        <Figure value={plain(row.done)} name="accepted" />
        <Figure value={plain(rejected)} name={Object.entries(row.rejected).map(([why, n]) => `${n} ${why}`).join(", ") || "rejected"} />
        {row.failed > 0 && <Figure value={plain(row.failed)} name="failed" />}
        {row.reused > 0 && <Figure value={plain(row.reused)} name="known already" />}
        {row.left > 0 && <Figure value={plain(row.left)} name="left" />}
        <Figure value={plain(row.tokens_in + row.tokens_out)} name="tokens" />
        <Figure value={dollars(row.usd)} name="paid" />
        <Figure value={duration(row.seconds)} name={row.per_minute ? `${plain(row.per_minute)} ${row.per_minute === 1 ? "text" : "texts"} a minute` : "so far"} />
      </div>
      {row.error && <p class="problem">{row.error}</p>}
      {last && (running ? row.errors.length > row.failed : row.failed > 0) && (
        <p class={running ? "remark" : "problem"}>
          {!running && `${count(row.failed, "text")} got no answer: `}
          {last}
        </p>
      )}
      {row.errors.length > 1 && (
        <details>
          <summary>{count(row.errors.length, "error")}</summary>
          <ul class="list small">{row.errors.map((one, i) => <li key={i} class="break">{one}</li>)}</ul>
        </details>
      )}
    </div>
  );
}

interface Going {
  row: RunRow;
  /** Of how many things every text was rejected, in all calls of the run. */
  rejected: number;
  act: (work: Promise<RunRow>) => void;
}

/** So often at most a rejected text is asked for again. */
const MOST_TRIES = 20;

/**
 * Go on with a run that ended before its plan, past the pilot too where that stopped it; ask again for what failed, or,
 * with the reasons in the prompt, for what was rejected.
 */
export function GoOn({ row, rejected, act }: Going) {
  const pilot = row.stopped === "pilot";
  const open = row.left > 0 || row.stopped !== "" || row.failed > 0 || row.error !== "";
  const tries = row.tries + 1;
  const go = (limits: Resume, ...words: string[]) =>
    act(
      api.resume(row.run, limits).then((found) => {
        did("The run goes on", [row.command, ...words].join(" "));
        return found;
      }),
    );
  return (
    <>
      {open && (
        <button
          type="button"
          disabled={corpus.value?.read_only}
          title={pilot ? "Most of the first answers failed the checks; another model or strategy may do better" : ""}
          onClick={() => (pilot ? go({ pilot: false }, "--no-pilot") : go({}))}
        >
          {pilot ? "Go on all the same" : row.failed && !row.left ? `Ask again for the ${plain(row.failed)} that failed` : "Resume"}
        </button>
      )}
      {!open && rejected > 0 && tries <= MOST_TRIES && (
        <button
          type="button"
          disabled={corpus.value?.read_only}
          title="Ask the model once more for what was rejected, with the reasons in the prompt"
          onClick={() => go({ retry_rejected: tries }, "--retry-rejected", String(tries))}
        >
          Try the {plain(rejected)} rejected again
        </button>
      )}
    </>
  );
}

/** How a run stands; one that ended with failures is not shown as a success. */
export function StateChip({ row }: { row: RunRow }) {
  const lame = row.state === "finished" && row.failed > 0;
  return <span class={`chip ${lame ? "stopped" : row.state}`}>{lame ? `${row.failed} failed` : row.state}</span>;
}

function Figure({ value, name }: { value: string; name: string }) {
  return (
    <div>
      <strong>{value}</strong>
      <span class="quiet small break">{name}</span>
    </div>
  );
}
