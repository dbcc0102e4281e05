"""How kernels are compiled: the one module that knows numba's decorator. Only kernel modules import it.

A kernel file holds a kernel together with everything it calls. numba keeps compiled kernels on disk and throws them
away when *their own* file changes; a callee that changed in another file would go unnoticed. `prefetch` below is shared
all the same: it changes no value, so an old copy of it can be slow but never wrong. For the same reason the options
given here may only be such as leave every result alone (no fast mathematics).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numpy as np
import numpy.typing as npt
from llvmlite import ir
from numba import njit, types
from numba.extending import lower_builtin, type_callable

Function = TypeVar("Function", bound=Callable[..., Any])
Item = TypeVar("Item", bound=np.generic)

FOR_READING, KEEP_IN_ALL_LEVELS, DATA = 0, 3, 1  # operands of llvm.prefetch (LLVM language reference)


def kernel(function: Function) -> Function:
    """Compile a function over plain arrays when it is first called, and keep the machine code on disk.

    It runs without the interpreter lock and without bound checks (``NUMBA_BOUNDSCHECK=1`` brings these back). Where
    neither the package's directory nor the user's cache can be written to, each process compiles it anew.
    """
    return _compiled(function)


def inner(function: Function) -> Function:
    """The same for a function that only kernels call.

    No way into it from Python is compiled, which takes several times as long as what it does.
    """
    return _compiled(function, no_cpython_wrapper=True)


def _compiled(function: Function, **options: Any) -> Function:
    options |= {"nogil": True, "boundscheck": False, "no_cfunc_wrapper": True}
    try:
        return cast(Function, njit(function, cache=True, **options))
    except RuntimeError:  # numba found no directory for its cache
        return cast(Function, njit(function, **options))


def sealed(array: npt.NDArray[Item]) -> npt.NDArray[Item]:
    """A contiguous read-only view, or a copy where the array is not contiguous: what a kernel takes its input as.

    numba compiles anew for every combination of layout and writability of the arguments, and arrays that come from a
    table are often read-only. Sealed, they are all of one kind; and a kernel that writes to them does not compile.
    """
    view = np.ascontiguousarray(array).view()
    view.flags.writeable = False
    return view


def prefetch(array: npt.NDArray[Any], index: int) -> None:
    """Have the processor fetch ``array[index]`` into its caches, without waiting for it.

    No value depends on it. An index outside the array is harmless. In plain Python it does nothing.
    """


@type_callable(prefetch)
def _type_of_prefetch(_context: Any) -> Callable[[Any, Any], Any]:
    return lambda array, index: types.void


@lower_builtin(prefetch, types.Array, types.Integer)  # type: ignore[no-untyped-call, untyped-decorator]
def _lower_prefetch(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
    array = context.make_array(signature.args[0])(context, builder, arguments[0])
    address = builder.bitcast(builder.gep(array.data, [arguments[1]]), ir.IntType(8).as_pointer())
    number = ir.IntType(32)
    shape = ir.FunctionType(ir.VoidType(), [address.type, number, number, number])
    llvm_prefetch = builder.module.declare_intrinsic("llvm.prefetch", [address.type], shape)
    builder.call(llvm_prefetch, [address, number(FOR_READING), number(KEEP_IN_ALL_LEVELS), number(DATA)])
    return context.get_dummy_value()
