"""The application: command line, configuration, and the jobs they run."""

import _entigraph_home

_entigraph_home.check("entigraph", "lm", "kg", "sampling", "synthesis", "analysis")

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from entigraph.web.beside import studio

__version__ = "0.1.0"
__all__ = ["__version__", "studio"]


def __getattr__(name: str) -> Any:
    """What needs the extra `studio` is loaded when it is first used."""
    if name != "studio":
        raise AttributeError(f"module 'entigraph' has no attribute {name!r}")
    try:
        from entigraph.web.beside import studio
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("fastapi", "pydantic", "starlette", "uvicorn"):
            raise
        raise ImportError(
            f"the studio needs {error.name}, which is not installed: pip install 'entigraph[studio]'"
        ) from None
    return studio
