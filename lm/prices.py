"""What models cost, from a file that people edit: `lm/prices.toml` and one of their own over it."""

import difflib
import math
import tomllib
from collections.abc import Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from lm.base import Price

PACKAGED = Path(__file__).with_name("prices.toml")


class Prices:
    """Prices by model name. `path` is the file that people may edit, for messages."""

    def __init__(self, prices: Mapping[str, Price], path: Path = PACKAGED) -> None:
        self._prices = dict(prices)
        self.path = path

    def of(self, model: str) -> Price | None:
        """The price of a model, None where nobody has written it down.

        >>> load().of("echo")
        Price(input=0.0, output=0.0)
        >>> load().of("openai:no-such-model") is None
        True
        """
        if model in self._prices:
            return self._prices[model]
        fitting = [name for name in self._prices if fnmatchcase(model, name.replace("[", "[[]"))]
        return self._prices[max(fitting, key=len)] if fitting else None


def load(path: str | Path | None = None) -> Prices:
    """The packaged prices with those of the file `path` over them.

    Raises ValueError that names the file and the entry for a typo, a negative number or a missing field.
    """
    prices = _read(PACKAGED)
    if path is None:
        return Prices(prices)
    return Prices(prices | _read(Path(path)), Path(path))


def _read(path: Path) -> dict[str, Price]:
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise ValueError(f"cannot read the prices file {str(path)!r}: {error.strerror}") from error
    except ValueError as error:
        raise ValueError(f"the prices file {str(path)!r} is not TOML: {error}") from error
    return {name: _price(name, entry, path) for name, entry in data.items()}


def _price(name: str, entry: Any, path: Path) -> Price:
    where = f"the prices file {str(path)!r}, entry [{name!r}]"
    if not isinstance(entry, dict):
        raise ValueError(f"{where}: wanted a table with 'input' and 'output', saw {entry!r}")
    for field in entry:
        if field not in ("input", "output"):
            near = difflib.get_close_matches(field, ("input", "output"), 1, 0.0)[0]
            raise ValueError(
                f"{where}: no field {field!r}; did you mean {near!r}? The fields are 'input' and 'output', "
                "in dollars per million tokens"
            )
    numbers = []
    for field in ("input", "output"):
        value = entry.get(field)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ValueError(f"{where}: {field!r} must be dollars per million tokens, saw {value!r}")
        if not math.isfinite(value) or value < 0:
            raise ValueError(f"{where}: {field!r} must be 0 or more, saw {value!r}")
        numbers.append(float(value))
    return Price(*numbers)
