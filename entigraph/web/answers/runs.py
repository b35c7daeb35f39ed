"""Runs as the routes give them: those that this server carries out, those in the folder, those of other processes."""

import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal

from entigraph.generation_options import Options
from entigraph.run_folders import CRASHED, last_report, options_in, run_folders, writer_of
from entigraph.web.refusals import NotThere
from entigraph.web.shapes.generation import RunRow
from entigraph.web.works.bench import Bench
from entigraph.web.works.orders import resume_command, strategies_named
from entigraph.web.works.work import Work

MOST_ROWS = 200


def row_of_run(bench: Bench, run: str) -> RunRow:
    """A run with its numbers, as they stand. Raises NotThere for one that is not there."""
    work = bench.works.of(run)
    folder = bench.desk.store.folder / "runs" / run
    if work is not None and (work.alive or work.state == "failed"):
        return row_of_work(bench, work)
    if "/" in run or not (folder / "run.json").is_file():
        raise NotThere(f"there is no run {run[:80]!r} in this corpus")
    report, options = last_report(folder), options_in(folder)
    writer = writer_of(folder)
    stopped = report["stopped"] or ""
    state: Literal["finished", "stopped", "elsewhere"] = "stopped" if stopped else "finished"
    if writer is not None:
        state, stopped = "elsewhere", str(writer)
    elif stopped == CRASHED:
        stopped = "a crash"
    seconds = float(report.get("seconds", 0.0))
    return _row(
        bench, run, report, model=options.model, strategies=strategies_named(options), state=state,
        planned=report["planned"], left=report.get("left", 0), seconds=seconds, stopped=stopped,
        errors=list(report.get("errors", [])), error="", changed=_changed(folder), options=options,
    )  # fmt: skip


def row_of_work(bench: Bench, work: Work) -> RunRow:
    """A run that this server carries out, or that failed here."""
    report = work.report
    planned = max(report.get("planned", 0), work.total)
    gone = _answered(report) + report.get("reused", 0)
    left = max(0, planned - gone) if work.alive else report.get("left", 0)
    seconds = time.monotonic() - work.began if work.alive else report.get("seconds", 0.0)
    return _row(
        bench, work.run, report, model=work.options.model, strategies=work.strategies, state=work.state,
        planned=planned, left=left, seconds=seconds, stopped=report.get("stopped") or "",
        errors=[*work.errors, *([work.trouble] if work.alive and work.trouble else [])], error=work.error,
        changed=work.ended_at or time.time(), options=work.options,
    )  # fmt: skip


def rows_of_runs(bench: Bench) -> list[RunRow]:
    """Every run, those that changed last first; at most 200."""
    folders = {folder.name: folder for folder in run_folders(bench.desk.store)}
    works = {work.run: work for work in bench.works.all()}
    alive = [run for run, work in works.items() if work.alive]
    failed = [run for run, work in works.items() if work.state == "failed" and run not in folders]
    rest = sorted(
        (run for run in folders if run not in alive), key=lambda run: _changed(folders[run]), reverse=True
    )
    rows = []
    for run in [*alive[::-1], *failed[::-1], *rest][:MOST_ROWS]:
        rows.append(row_of_run(bench, run))
    return rows


def _row(
    bench: Bench,
    run: str,
    report: dict[str, Any],
    *,
    model: str,
    strategies: Iterable[str],
    state: Literal["running", "stopping", "finished", "stopped", "failed", "elsewhere"],
    planned: int,
    left: int,
    seconds: float,
    stopped: str,
    errors: list[str],
    error: str,
    changed: float,
    options: Options,
) -> RunRow:
    answered = _answered(report)
    return RunRow(
        run=run,
        state=state,
        model=model,
        strategies=list(strategies),
        planned=planned,
        done=report.get("done", 0),
        rejected=report.get("rejected", {}),
        failed=report.get("failed", 0),
        reused=report.get("reused", 0),
        left=left,
        tokens_in=report.get("tokens_in", 0),
        tokens_out=report.get("tokens_out", 0),
        usd=report.get("usd", 0.0),
        seconds=round(seconds, 3),
        per_minute=round(60 * answered / seconds, 1) if answered and seconds > 0 else None,
        stopped=stopped,
        errors=errors,
        error=error,
        changed=changed,
        tries=options.retry_rejected,
        command=resume_command(bench.desk, run, options),
    )


def _answered(report: dict[str, Any]) -> int:
    return int(report.get("done", 0) + sum(report.get("rejected", {}).values()) + report.get("failed", 0))


def _changed(folder: Path) -> float:
    times = [
        path.stat().st_mtime for name in ("run.json", "report.json") if (path := folder / name).is_file()
    ]
    return max(times, default=0.0)
