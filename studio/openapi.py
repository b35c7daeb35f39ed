"""Write what the server's routes take and give to `studio/openapi.json`, of which the page's types are made.

    python studio/openapi.py

`make studio` runs it; the file is committed, and a test says when it is not what the server says.
"""

import json
import tempfile
from pathlib import Path
from typing import Any

from entigraph.web.app import create_app
from entigraph.web.desk import Desk
from kg.stores import open_corpus

PLACE = Path(__file__).with_name("openapi.json")


def schema() -> dict[str, Any]:
    """The OpenAPI page of the server, without the version of the program."""
    with tempfile.TemporaryDirectory() as folder:
        place = f"{folder}/empty.kg"
        open_corpus(place, create=True).close()
        with Desk(place, read_only=True) as desk:
            found = create_app(desk).openapi()
    found["info"]["version"] = "0"
    return found


def text() -> str:
    """The file as it is to be."""
    return json.dumps(schema(), indent=1, sort_keys=True, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    PLACE.write_text(text(), encoding="utf-8")
