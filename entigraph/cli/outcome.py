"""How a command ends: exit codes, one-line errors, and a line in the log of every command."""

import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

import typer

from entigraph.cli.terminal import talk

FAILED, USAGE, PARTLY = 1, 2, 3
INTERRUPTED = 130
LOG_BYTES = 5_000_000


class Ended(Exception):
    """Ctrl-C, or nobody reads the output any more: carried through the command line parser."""

    def __init__(self, why: BaseException) -> None:
        super().__init__(type(why).__name__)
        self.why = why


def partly() -> typer.Exit:
    """Finished, with some failures or stopped by a limit: exit code 3."""
    return typer.Exit(PARTLY)


def guarded(command: Callable[[], object], words: Sequence[str], *, debug: bool) -> int:
    """The exit code of a command; what it raised is said in one line and logged in full.

    SIGTERM ends a command as Ctrl-C does. The log holds the names of commands and options, never the
    values of arguments: those may be secret.
    """
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    began = time.monotonic()
    code, trace = _ended(command, debug=debug)
    _log(words, code, time.monotonic() - began, trace)
    return code


def _ended(command: Callable[[], object], *, debug: bool) -> tuple[int, str]:
    """The exit code, and the traceback of an error."""
    try:
        code = command()
        return code if isinstance(code, int) else 0, ""
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else FAILED, ""
    except (Ended, KeyboardInterrupt) as ended:
        if not isinstance(ended, Ended) or isinstance(ended.why, KeyboardInterrupt):
            talk("entigraph: interrupted; run the same command again to go on")
            return INTERRUPTED, ""
        for stream in (sys.stdout, sys.stderr):  # the reader is gone: nothing more is said to it
            with suppress(OSError, ValueError):
                stream.flush()
                continue
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        return 0, ""
    except Exception as error:
        if hasattr(error, "format_message"):  # typer's own: a wrong option, a missing argument
            return _usage(error), ""
        trace = traceback.format_exc()
        if debug:
            talk(trace)
        talk(f"entigraph: {one_line(error)}")
        if not _expected(error):
            from entigraph.config import log_file

            talk(f"entigraph: this is a fault of the program; the details are in {str(log_file())!r}")
        usage = isinstance(error, ValueError) and not isinstance(error, UnicodeError)
        return USAGE if usage else FAILED, trace


def _usage(error: Any) -> int:
    """Say what is wrong with the words of a command, in one line; without any words, show the help."""
    said = error.format_message()
    if type(error).__name__ == "NoArgsIsHelpError":
        talk(said)
    else:
        path = error.ctx.command_path if getattr(error, "ctx", None) else "entigraph"
        line = " ".join(said.split())
        talk(f"entigraph: {line}{'' if line.endswith(('.', '?')) else '.'} See '{path} -h'")
    return USAGE


def _expected(error: Exception) -> bool:
    from kg.model import GraphError
    from lm.base import LMError

    return isinstance(error, GraphError | LMError | ValueError | OSError | MemoryError)


def one_line(error: Exception) -> str:
    """What an error says, on one line."""
    if isinstance(error, OSError) and error.filename:
        return f"{error.strerror}: {str(error.filename)!r}"
    if isinstance(error, MemoryError):
        return "the memory of this machine does not suffice for that; take a smaller part"
    text = " ".join(str(error).split())
    return text or type(error).__name__


def _log(words: Sequence[str], code: int, seconds: float, trace: str) -> None:
    """Add a line, and the traceback of an error. A log that cannot be written is no error."""
    from entigraph.config import log_file

    path = log_file()
    when = time.strftime("%Y-%m-%d %H:%M:%S")
    line = f"{when} {os.getpid()} entigraph {_names(words)}: exit {code} after {seconds:.1f} s\n"
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and path.stat().st_size > LOG_BYTES:
            path.replace(path.with_name(path.name + ".1"))
        with path.open("a", encoding="utf-8", errors="replace") as log:
            log.write(line + trace)


def _names(words: Sequence[str]) -> str:
    """The command and the names of its options."""
    commands = []
    for word in words[:2]:
        if not word.isalpha():
            break
        commands.append(word)
    options = [word.partition("=")[0] for word in words if word.startswith("-") and word != "-"]
    return " ".join([*commands, *options])
