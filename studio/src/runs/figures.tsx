/** The numbers of a run and why it ended as it did. */
import { api } from "../api/client";
import type { RunRow } from "../api/types";
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
  const whole = row.planned + row.left;
  const ready = row.done + rejected + row.failed + row.reused;
  return (
    <div class="stack">
      <p class="row">
        <span class={`chip ${row.state}`}>{row.state}</span>
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
        <Figure value={dollars(row.usd)} name={row.per_minute ? `${plain(row.per_minute)} texts a minute` : duration(row.seconds)} />
      </div>
      {row.error && <p class="problem">{row.error}</p>}
      {row.errors.length > 0 && (
        <details>
          <summary>{count(row.errors.length, "request")} failed</summary>
          <ul class="list small">{row.errors.map((one, i) => <li key={i} class="break">{one}</li>)}</ul>
        </details>
      )}
    </div>
  );
}

/** Go on with a run that ended before its plan; past the pilot too, where that stopped it. */
export function GoOn({ row, act }: { row: RunRow; act: (work: Promise<RunRow>) => void }) {
  const pilot = row.stopped === "pilot";
  return (
    <button
      type="button"
      disabled={corpus.value?.read_only}
      title={pilot ? "Most of the first answers failed the checks; another model or strategy may do better" : ""}
      onClick={() => act(api.resume(row.run, pilot ? { pilot: false } : {}))}
    >
      {pilot ? "Go on all the same" : "Resume"}
    </button>
  );
}

function Figure({ value, name }: { value: string; name: string }) {
  return (
    <div>
      <strong>{value}</strong>
      <span class="quiet small break">{name}</span>
    </div>
  );
}
