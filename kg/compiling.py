"""Functions that numba compiles, for those who have it (the extra `fast`).

A module of compiled functions is imported through `kernels`, which says where numba is missing; beside
each of its functions stands one in numpy or scipy that gives the same, for everybody else and for tests.
"""

from collections.abc import Callable
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


@cache
def kernels(module: str) -> tuple[ModuleType | None, str]:
    """The module of compiled functions of that name; without numba None, and why."""
    try:
        return import_module(module), ""
    except ImportError as error:
        return None, str(error)


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """Compiled on first call, without the interpreter's lock, kept on disk where that can be written."""
    numba = import_module("numba")
    try:
        made: Callable[P, R] = numba.njit(nogil=True, cache=True)(function)
    except RuntimeError:  # no folder to keep it in
        made = numba.njit(nogil=True)(function)
    return made


def prefetching() -> Callable[[Any, Any], None]:
    """A function for compiled code: ask the memory for `array[index]` (a uint64) without waiting for it."""
    cgutils, types = import_module("numba.core.cgutils"), import_module("numba.core.types")

    def prefetch(typing_context: Any, array: Any, index: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            held = context.make_array(signature.args[0])(context, builder, arguments[0])
            byte, flag = cgutils.voidptr_t, cgutils.int32_t
            address = builder.bitcast(builder.gep(held.data, [arguments[1]]), byte)
            kind = cgutils.ir.FunctionType(cgutils.ir.VoidType(), [byte, flag, flag, flag])
            fetch = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0")
            builder.call(fetch, [address, flag(0), flag(3), flag(1)])
            return context.get_dummy_value()

        return types.void(array, types.uint64), generate

    made: Callable[[Any, Any], None] = import_module("numba.extending").intrinsic(prefetch)
    return made
