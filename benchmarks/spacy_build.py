"""How much of bare spaCy's speed is left when we read entities and relations as well.

    python benchmarks/spacy_build.py [TEXT ...] [--pipeline FOLDER] [--rounds 3]

Bare is `nlp.pipe` of the same pipeline over the same paragraphs in the same batches. Rounds alternate
and the best of each counts, so that a busy neighbour falls on both. Without TEXT the sample corpus is
read. Prints JSON; exit 1 if less than 0.8 is left.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from kg.chunks import chunk
from kg.extract.spacy import BATCH, SpacyExtractor, portions
from kg.model import Document
from kg.reading import read

WANTED = 0.8
SAMPLE = Path(__file__).parent.parent / "examples" / "wendlow"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("texts", nargs="*", default=[str(SAMPLE)])
    parser.add_argument("--pipeline", help="folder of a spaCy pipeline")
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args(arguments)
    extractor = SpacyExtractor(given.pipeline)
    documents = [one for one in read(*given.texts) if isinstance(one, Document)]
    chunked = [(document, chunk(document)) for document in documents]
    words = sum(len(document.text.split()) for document in documents)
    nlp = extractor.pipeline()
    texts = [
        [paragraph.text for portion in portions(document.text, chunks) for paragraph in portion]
        for document, chunks in chunked
    ]
    bare, ours = [], []
    entities = relations = 0
    for _ in range(given.rounds):
        start = time.perf_counter()
        for paragraphs in texts:
            for _parsed in nlp.pipe(paragraphs, batch_size=BATCH):
                pass
        bare.append(time.perf_counter() - start)
        start = time.perf_counter()
        readings = [reading for _, reading in extractor.read(chunked)]
        ours.append(time.perf_counter() - start)
        entities = sum(len(getattr(reading, "candidates", ())) for reading in readings)
        relations = sum(len(getattr(reading, "evidence", ())) for reading in readings)
    ratio = min(bare) / min(ours)
    figures = {
        "words": words,
        "bare_words_per_second": round(words / min(bare)),
        "build_words_per_second": round(words / min(ours)),
        "ratio": round(ratio, 3),
        "wanted": WANTED,
        "entities": entities,
        "relations": relations,
        "load": os.getloadavg()[0],
        "pipeline": extractor.fingerprint,
    }
    print(json.dumps(figures, indent=1))
    return 0 if ratio >= WANTED else 1


if __name__ == "__main__":
    sys.exit(main())
