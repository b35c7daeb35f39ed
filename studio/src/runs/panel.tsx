/** Every run of the corpus: live where this server carries it out. */
import { useEffect, useState } from "preact/hooks";
import { api } from "../api/client";
import type { RunRow } from "../api/types";
import { ofRuns } from "../parts/commands";
import { CopyCommand } from "../parts/copy";
import { dollars, moment, plain } from "../parts/words";
import { told, useAsked } from "../state/asked";
import { watch } from "../state/events";
import { fetched, go, place, refresh } from "../state/page";
import { TextItem } from "../texts/item";
import { GoOn, RunFigures, StateChip } from "./figures";
import { BeingWritten, useWriting } from "./writing";

export function RunsPanel() {
  const { answer, problem } = useAsked("runs", () => api.runs());
  const [live, setLive] = useState<ReadonlyMap<string, RunRow>>(new Map());
  useEffect(() => watch((event) => event.row && setLive((old) => new Map(old).set(event.row!.run, event.row!))), []);
  const again = fetched.value;
  useEffect(() => setLive(new Map()), [again]); // what was live may have ended with a server that is gone
  const { run } = place.value;
  if (problem) return <div class="panel"><p class="problem">{problem}</p></div>;
  const rows = [...(answer ?? [])].map((row) => live.get(row.run) ?? row);
  for (const row of live.values()) if (!rows.some((one) => one.run === row.run)) rows.unshift(row);
  const open = rows.find((row) => row.run === run) ?? rows[0] ?? null;
  return (
    <div class="panel" tabIndex={-1}>
      <div class="stack">
        <h2>Runs</h2>
        {answer && !rows.length && (
          <p class="quiet">Nothing was generated in this corpus yet. Select something in Browse and press Generate, or type what stands below.</p>
        )}
        {rows.length > 0 && (
          <table aria-label="Runs">
            <thead>
              <tr>
                <th scope="col">Run</th>
                <th scope="col">State</th>
                <th scope="col" class="optional">Changed</th>
                <th scope="col" class="optional">Strategy</th>
                <th scope="col" class="optional">Model</th>
                <th scope="col" class="number">Accepted</th>
                <th scope="col" class="number">Rejected</th>
                <th scope="col" class="number">Left</th>
                <th scope="col" class="number optional">Price</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.run} aria-selected={row === open}>
                  <th scope="row">
                    <button type="button" class="link" onClick={() => go({ run: row.run })}>{row.run}</button>
                  </th>
                  <td><StateChip row={row} /></td>
                  <td class="optional"><time dateTime={new Date(1000 * row.changed).toISOString()}>{moment(row.changed)}</time></td>
                  <td class="optional">{row.strategies.join(", ")}</td>
                  <td class="optional break">{row.model}</td>
                  <td class="number">{plain(row.done)}</td>
                  <td class="number">{plain(Object.values(row.rejected).reduce((sum, one) => sum + one, 0))}</td>
                  <td class="number">{plain(row.left)}</td>
                  <td class="number optional">{dollars(row.usd)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
        {open ? <Open key={open.run} row={open} /> : <p class="row"><CopyCommand command={ofRuns()} /></p>}
      </div>
    </div>
  );
}

function Open({ row }: { row: RunRow }) {
  const { answer } = useAsked(`run ${row.run} ${row.state} ${row.done}`, (signal) => api.run(row.run, signal));
  const [problem, setProblem] = useState("");
  const act = (work: Promise<RunRow>) =>
    work.then(
      () => {
        setProblem("");
        refresh();
      },
      (failure: unknown) => setProblem(told(failure)),
    );
  const writing = useWriting(row.run);
  const running = row.state === "running" || row.state === "stopping";
  return (
    <section class="textcard stack" aria-label={`Run ${row.run}`}>
      <RunFigures row={row} />
      {running && <BeingWritten parts={writing} />}
      {problem && <p class="problem">{problem}</p>}
      <p class="quiet small break">{row.model} · {row.strategies.join(", ")}</p>
      <div class="row">
        {running && <button type="button" class="main" disabled={row.state === "stopping"} onClick={() => act(api.stop(row.run))}>Stop</button>}
        {!running && row.state !== "elsewhere" && <GoOn row={row} rejected={answer?.rejected ?? 0} act={act} />}
        <button type="button" class="plain" onClick={() => go({ tab: "texts", text: null, run: row.run })}>All its texts</button>
        <span class="push" />
        <CopyCommand command={row.command} />
      </div>
      {answer && Object.keys(answer.examples).length > 0 && (
        <div>
          <h3>Rejected, one of each reason</h3>
          <ul class="list">{Object.entries(answer.examples).map(([reason, text]) => <TextItem key={reason} text={text} />)}</ul>
        </div>
      )}
      {answer && answer.texts.length > 0 && (
        <div>
          <h3>Its newest texts</h3>
          <ul class="list">{answer.texts.map((text) => <TextItem key={text.id} text={text} />)}</ul>
        </div>
      )}
    </section>
  );
}
