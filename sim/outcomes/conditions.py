"""Parts of an outcome that hold or do not hold in each replicate: and, or, not, given.

``severed_at_30 and not asylum_chavez_left`` is worked out replicate by replicate, and only then
averaged. ``given(x, condition)`` is x in the replicates in which the condition holds.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
GIVEN = "given"


def _holds(value: Any) -> Any:
    return np.asarray(value, float) != 0


def _all(*values: Any) -> Any:
    return np.logical_and.reduce([_holds(v) for v in values]).astype(float)


def _any(*values: Any) -> Any:
    return np.logical_or.reduce([_holds(v) for v in values]).astype(float)


def _not(value: Any) -> Any:
    return (~_holds(value)).astype(float)


def _given(value: Any, condition: Any) -> Any:
    return np.where(_holds(condition), np.asarray(value, float), np.nan)


FUNCTIONS = {"_all": _all, "_any": _any, "_not": _not, GIVEN: _given}


class _Booleans(ast.NodeTransformer):
    """Turns and, or and not into calls that work on arrays."""

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.AST:
        self.generic_visit(node)
        name = "_all" if isinstance(node.op, ast.And) else "_any"
        return ast.Call(ast.Name(name, ast.Load()), node.values, [])

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.op, ast.Not):
            return ast.Call(ast.Name("_not", ast.Load()), [node.operand], [])
        return node


class _Parts(ast.NodeTransformer):
    """Takes the outermost conditions out of an expression, and leaves names in their place."""

    def __init__(self) -> None:
        self.found: list[ast.expr] = []

    def _take(self, node: ast.expr) -> ast.Name:
        self.found.append(node)
        return ast.Name(f"_part_{len(self.found) - 1}", ast.Load())

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.AST:
        return self._take(node)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.AST:
        if isinstance(node.op, ast.Not):
            return self._take(node)
        self.generic_visit(node)
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        if isinstance(node.func, ast.Name) and node.func.id == GIVEN:
            return self._take(node)
        self.generic_visit(node)
        return node


class Conditions:
    """The conditions of an expression, taken out of it.

    Attributes
    ----------
    tree
        What is left of the expression: names ``_part_0`` and following stand for the conditions.
    names
        Measures that each condition reads, by its name.
    """

    def __init__(self, tree: ast.Expression) -> None:
        parts = _Parts()
        self.tree = ast.fix_missing_locations(parts.visit(tree))
        self.names: dict[str, set[str]] = {}
        self._code: dict[str, Any] = {}
        for k, node in enumerate(parts.found):
            body = ast.Expression(_Booleans().visit(node))
            names = {n.id for n in ast.walk(body) if isinstance(n, ast.Name)}
            self.names[f"_part_{k}"] = names - set(FUNCTIONS)
            self._code[f"_part_{k}"] = compile(ast.fix_missing_locations(body), "condition", "eval")

    def of(self, values: Mapping[str, Any], functions: Mapping[str, Any]) -> dict[str, Floats]:
        """Value of each condition, ``[replicate]``, by its name: 1 or 0, or NaN where not given.

        ``values``: the measures, ``[replicate]`` each; ``functions``: what else may be called.
        """
        found = {}
        for part, code in self._code.items():
            space = {name: values[name] for name in self.names[part] if name not in functions}
            found[part] = eval(code, {"__builtins__": {}, **functions, **FUNCTIONS}, space)
        return found
