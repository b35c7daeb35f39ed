/** A run of the dialog as it writes. */
import { useEffect, useState } from "preact/hooks";
import { api } from "../api/client";
import type { RunRow, TextRow } from "../api/types";
import { CopyCommand } from "../parts/copy";
import { GoOn, RunFigures } from "../runs/figures";
import { BeingWritten, useWriting } from "../runs/writing";
import { told } from "../state/asked";
import { watch } from "../state/events";
import { fetched, go, refresh } from "../state/page";
import { TextCard } from "../texts/card";
import { Frame } from "./frame";
import { order } from "./order";

export function Watching({ started, onAgain }: { started: RunRow; onAgain: () => void }) {
  const [row, setRow] = useState(started);
  const [texts, setTexts] = useState<readonly TextRow[]>([]);
  const [rejected, setRejected] = useState(0);
  const [problem, setProblem] = useState("");
  const writing = useWriting(started.run);
  const again = fetched.value; // events may have been missed while the server was away
  useEffect(() => {
    const load = () =>
      api.run(started.run).then(
        (found) => {
          setRow(found.row);
          setRejected(found.rejected);
          setTexts((old) => merged(old, found.texts));
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
      if (event.text?.run === started.run) setTexts((old) => merged(old, [event.text!]));
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
          {!running && <GoOn row={row} rejected={rejected} act={act} />}
          {!running && <button type="button" class="plain" onClick={onAgain}>Change and start again</button>}
          <button type="button" class="plain" onClick={() => { order.value = null; go({ tab: "runs", run: row.run }); }}>See in Runs</button>
          <span class="push" />
          <CopyCommand command={row.command} />
        </>
      }
    >
      <RunFigures row={row} />
      {problem && <p class="problem">{problem}</p>}
      {running && <BeingWritten parts={writing} />}
      <div class="stack section" aria-live="polite">
        {texts.map((text) => <TextCard key={text.id} id={text.id} row={text} />)}
        {!texts.length && running && !writing.length && <p class="quiet">Waiting for the first answer…</p>}
        {!texts.length && !running && <p class="quiet">This run wrote nothing new.</p>}
      </div>
    </Frame>
  );
}

/** The newest first, each once. */
function merged(old: readonly TextRow[], more: readonly TextRow[]): readonly TextRow[] {
  const known = new Set(old.map((text) => text.id));
  const fresh = more.filter((text) => !known.has(text.id));
  return fresh.length ? [...fresh, ...old].slice(0, 100) : old;
}
