"""What commands promise: keys and sums of what they print, and the provenance beside what they export."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.entigraph.conftest import Program

BUILD = "corpus documents chunks entities mentions relations skipped tokens_in tokens_out usd stopped seconds"
STATS = "documents chunks entities mentions relations triangles components texts coverage"
SAMPLE = "key sampler entities relations documents"
GENERATE = "run planned done failed rejected reused tokens_in tokens_out usd stopped seconds"
EXPORT = "files texts tokens left_out"
ENTITIES = "id name type aliases mentions documents reason"
SIMULATE = "vertices edges reachable_pairs sources tie_rule method histogram t coverage se"
ECHO = ("--model", "echo", "--checks", "none")


def promises(keys: str, value: dict[str, Any]) -> bool:
    return set(keys.split()) <= set(value)


def adds_up(report: dict[str, Any]) -> bool:
    rejected = sum(report["rejected"].values())
    parts = report["done"] + rejected + report["failed"] + report["reused"] + report["left"]
    return bool(report["planned"] == parts)


def provenance(entigraph: "Program", corpus: str, home: Path) -> list[dict[str, Any]]:
    assert entigraph("export", corpus, "-o", "written.jsonl").code == 0
    return provenance_beside(home / "written.jsonl")


def provenance_beside(path: Path) -> list[dict[str, Any]]:
    beside = path.with_name(path.name + ".provenance.jsonl")
    return [json.loads(line) for line in beside.read_text("utf-8").splitlines()]


def names(line: dict[str, Any]) -> list[str]:
    return [entity["name"] for entity in line["entities"]]
