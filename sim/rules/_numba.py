"""Two things that Numba cannot say by itself, in the language of its compiler (LLVM).

They change no result: without the first the draws take three times as long, without the second
compilation takes minutes. ``tests/rules/test_compiled.py`` holds both to what Python computes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from zlib import crc32

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core.imputils import impl_ret_borrowed
from numba.core.typing.templates import AbstractTemplate, AttributeTemplate, infer_global, signature
from numba.extending import (
    infer_getattr,
    intrinsic,
    lower_builtin,
    lower_getattr_generic,
    models,
    register_model,
)

WORD, WIDE = ir.IntType(64), ir.IntType(128)


def wide_product_for() -> Callable[..., Any]:
    """What replaces ``compiled.wide_product``: one multiplication of 64 by 64 bits into 128.

    A processor does this at once, which neither Python nor NumPy can say. Written in halves of 32
    bits the product takes four multiplications.
    """

    @intrinsic  # type: ignore[misc, untyped-decorator]
    def product(context: Any, a: Any, b: Any) -> Any:
        def generated(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            x, y = (builder.zext(value, WIDE) for value in arguments)
            both = builder.mul(x, y)
            high = builder.trunc(builder.lshr(both, ir.Constant(WIDE, 64)), WORD)
            pair = (high, builder.trunc(both, WORD))
            return context.make_tuple(builder, signature.return_type, pair)

        return types.UniTuple(types.uint64, 2)(types.uint64, types.uint64), generated

    def chosen(a: Any, b: Any) -> Any:
        return lambda a, b: product(a, b)

    return chosen


class Reference(types.Type):  # type: ignore[misc, untyped-decorator]
    """A pointer to a named tuple of arrays; its attributes are the arrays."""

    def __init__(self, arrays: Any) -> None:
        self.arrays = arrays
        super().__init__(f"Reference_{crc32(str(arrays).encode()):08x}")


@register_model(Reference)
class _Model(models.PrimitiveModel):  # type: ignore[misc, untyped-decorator]
    """How a reference is held: an address."""

    def __init__(self, manager: Any, kind: Any) -> None:
        super().__init__(manager, kind, ir.IntType(8).as_pointer())


@infer_getattr
class _Attributes(AttributeTemplate):  # type: ignore[misc, untyped-decorator]
    """Types of the attributes of a reference."""

    key = Reference

    def generic_resolve(self, kind: Any, name: str) -> Any:
        """Type of an array of the tuple."""
        if name in kind.arrays.fields:
            return kind.arrays.types[kind.arrays.fields.index(name)]
        return None


@lower_getattr_generic(Reference)  # type: ignore[misc, untyped-decorator]
def _array(context: Any, builder: Any, kind: Any, value: Any, name: str) -> Any:
    """Load an array of the tuple from where the reference points to."""
    place = kind.arrays.fields.index(name)
    whole = context.get_value_type(kind.arrays).as_pointer()
    index = [ir.Constant(ir.IntType(32), k) for k in (0, place)]
    array = builder.load(builder.gep(builder.bitcast(value, whole), index))
    return impl_ret_borrowed(context, builder, kind.arrays.types[place], array)


def add_reference(function: Callable[..., Any]) -> None:
    """Let compiled functions call ``function`` for a reference to a named tuple of arrays.

    The tuple is copied to the stack of the entry that asks for the reference, which lives as long
    as all that it calls. The caller of the entry holds the arrays meanwhile, so the copy needs no
    counts of references, and their addresses in it are set to null.
    """

    @infer_global(function)
    class _Typing(AbstractTemplate):  # type: ignore[misc, untyped-decorator]
        def generic(self, arguments: Any, keywords: Any) -> Any:
            return signature(Reference(arguments[0]), *arguments)

    @lower_builtin(function, types.BaseNamedTuple)  # type: ignore[misc, untyped-decorator]
    def generated(context: Any, builder: Any, kinds: Any, arguments: Any) -> Any:
        (whole,) = arguments
        for place in range(len(kinds.args[0].types)):
            array = builder.extract_value(whole, place)
            for owner in (0, 1):  # who holds the memory, in Numba and in Python
                null = ir.Constant(array.type.elements[owner], None)
                array = builder.insert_value(array, null, owner)
            whole = builder.insert_value(whole, array, place)
        stack = cgutils.alloca_once_value(builder, whole)
        return builder.bitcast(stack, ir.IntType(8).as_pointer())
