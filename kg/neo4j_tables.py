"""The files of a corpus for the importer of Neo4j: which columns each has, and how values are written."""

from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any, TextIO  # Any: properties are texts, numbers, truth values and lists of texts

from kg.stores.neo4j import schema
from kg.stores.neo4j.loading import blank_key

DATABASE = "neo4j"
BUFFER = 4 << 20  # what the importer takes for one field unless told otherwise
_SEEN = "document chunk start:long end:long"
NODES: Mapping[str, str] = {
    "EgCorpus": "name version:long generation:long graph settings unfinished:string[] blank",
    "EgDocument": "sha256 title text source language author year:long characters:long fingerprint",
    "EgChunk": "document start:long end:long language text gone:boolean",
    "EgCandidate": "document name type surfaces:string[] description gone:boolean",
    "EgMention": f"{_SEEN} candidate surface",
    "EgEvidence": f"{_SEEN} source label target description weight:double text",
    "EgEntity": "name type sense description aliases:string[] head search keys long:boolean given:boolean hidden:boolean",
    "EgRedirect": "to",
    "EgText": "item kind title text language strategy version model call run sampler wording:long seed:long author "
    "parent status tokens_in:long tokens_out:long cost_usd:double documents:string[] chunks:string[] "
    "left_out:string[] subgraph asked relations checks head about names long:boolean",
}
"""Properties of each label, with their types where they are no texts; `id` and `corpus` come before them."""
RELATIONS: Mapping[str, tuple[str, str, str]] = {
    "EgChunk-IN": ("EgChunk", "EgDocument", ""),
    "EgChunk-WAS_IN": ("EgChunk", "EgDocument", ""),
    "EgCandidate-IN": ("EgCandidate", "EgDocument", ""),
    "EgCandidate-IS": ("EgCandidate", "EgEntity", "reason by"),
    "EgMention-OF": ("EgMention", "EgCandidate", ""),
    "EgMention-IN": ("EgMention", "EgChunk", ""),
    "EgEvidence-FROM": ("EgEvidence", "EgCandidate", ""),
    "EgEvidence-TO": ("EgEvidence", "EgCandidate", ""),
    "EgEvidence-IN": ("EgEvidence", "EgChunk", ""),
    "EgEntity-REL": ("EgEntity", "EgEntity", "corpus id label weight:double description given:boolean"),
    "EgText-COVERS": ("EgText", "EgEntity", ""),
    "EgText-RESTS_ON": ("EgText", "EgChunk", ""),
}
"""Relations by file: the labels of their ends, their properties."""


class Clash(Exception):
    """A list holds the character that parts the elements of lists."""


class Tables:
    """The files, each opened with its header when its first row comes."""

    def __init__(self, folder: Path, corpus: str, delimiter: str, stack: ExitStack) -> None:
        self.folder = folder
        self.corpus = corpus
        self.delimiter = delimiter
        self.counts: dict[str, int] = {}
        self.largest = 0
        self.blank: dict[str, list[str]] = {}
        self._stack = stack
        self._files: dict[str, TextIO] = {}
        self._columns = {
            label: [(name, kind) for name, _, kind in (word.partition(":") for word in words.split())]
            for label, words in NODES.items()
        }

    def node(self, label: str, properties: Mapping[str, Any]) -> None:
        """A node with these properties, `id` among them."""
        columns = self._columns[label]
        file = self._file(label, f"id:ID({label}),corpus,{','.join(NODES[label].split())}")
        cells = [self._cell(properties.get(name)) for name, _ in columns]
        if sum(name in properties for name, _ in columns) + 1 != len(properties):
            strange = properties.keys() - {"id", *(name for name, _ in columns)}
            raise AssertionError(f"{label} has properties without a column: {sorted(strange)}")
        for name, kind in columns:
            if kind == "string[]" and properties.get(name) == [""]:
                self.blank.setdefault(blank_key(label, name), []).append(properties["id"])
        owner = "" if label == schema.CORPUS else self._cell(self.corpus)
        file.write(f"{properties['id']},{owner},{','.join(cells)}\n")

    def relation(self, name: str, source: str, target: str, *values: Any) -> None:
        """A relation between two nodes by their ids, its properties in their order."""
        start, end, words = RELATIONS[name]
        file = self._file(name, ",".join([f":START_ID({start})", f":END_ID({end})", *words.split()]))
        file.write(",".join([source, target, *map(self._cell, values)]) + "\n")

    def _file(self, name: str, header: str) -> TextIO:
        file = self._files.get(name)
        if file is None:
            path = self.folder / f"{name}.csv"
            file = self._stack.enter_context(path.open("w", encoding="utf-8", newline=""))
            self._files[name] = file
            self.counts[name] = 0
            file.write(header + "\n")
        self.counts[name] += 1
        return file

    def _cell(self, value: Any) -> str:
        """A value as the importer reads it: nothing for what is missing, every text in quotes."""
        if isinstance(value, str):
            if len(value) > self.largest:
                self.largest = len(value)
            return '"' + value.replace('"', '""') + '"' if '"' in value else f'"{value}"'
        if value is None:
            return ""
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, list):
            if any(self.delimiter in one for one in value):
                raise Clash
            return self._cell(self.delimiter.join(value)) if value else ""
        return repr(value)

    def arguments(self) -> list[str]:
        """What `neo4j-admin` is to be given, in the folder of the files."""
        found = ["database", "import", "full", DATABASE, "--id-type=string", "--multiline-fields=true"]
        found.append(f"--array-delimiter=U+{ord(self.delimiter):04X}")
        if self.largest * 4 > BUFFER:  # bytes of UTF-8
            found.append(f"--read-buffer-size={(self.largest * 4 >> 20) + 1}m")
        for name in self.counts:
            label, _, kind = name.partition("-")
            found.append(f"--relationships={kind}={name}.csv" if kind else f"--nodes={label}={name}.csv")
        return found
