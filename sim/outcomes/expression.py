"""An outcome: a measure of a run, or an expression over measures, with its Monte Carlo error."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from sim.ensemble.spec import Spec
from sim.errors import InputError
from sim.outcomes.measures import Floats, Measures, mean_of

_NODES = (
    ast.Expression,
    ast.BinOp,
    ast.UnaryOp,
    ast.Compare,
    ast.Call,
    ast.Name,
    ast.Constant,
    ast.Load,
    ast.operator,
    ast.unaryop,
    ast.cmpop,
)
FUNCTIONS: dict[str, Callable[..., Any]] = {
    "abs": np.abs,
    "sqrt": np.sqrt,
    "log": np.log,
    "exp": np.exp,
    "minimum": np.minimum,
    "maximum": np.maximum,
}


class Outcome:
    """A measure, or an expression over measures: ``severed_at_365 - 0.5 * oas_accepted``.

    Numbers, ``+ - * / ** %``, comparisons (1 if true) and :data:`FUNCTIONS` may be used.

    Parameters
    ----------
    text
        The expression.
    known
        Measures of the run.

    Raises
    ------
    InputError
        If it cannot be read, or names a measure that the run does not have.
    """

    def __init__(self, text: str, known: Iterable[str], where: str = "outcome") -> None:
        self.text, names = str(text), list(known)
        try:
            tree = ast.parse(self.text.strip(), mode="eval")
        except SyntaxError as error:
            raise InputError(
                where, "must be a measure or an expression over measures", text, remedy=_help(names)
            ) from error
        self.names = self._checked(tree, names, where)
        self._code = compile(tree, "outcome", "eval")

    @staticmethod
    def _checked(tree: ast.Expression, known: list[str], where: str) -> set[str]:
        """The measures that an expression names; raises InputError if it holds anything else."""
        functions: set[int] = set()
        for node in ast.walk(tree):
            if not isinstance(node, _NODES) or (
                isinstance(node, ast.Constant) and type(node.value) not in (int, float)
            ):
                raise InputError(
                    where,
                    "may use measures, numbers, arithmetic, comparisons and functions",
                    ast.unparse(node),
                    FUNCTIONS,
                )
            if isinstance(node, ast.Call):
                functions.add(id(node.func))
                if not isinstance(node.func, ast.Name) or node.func.id not in FUNCTIONS:
                    raise InputError(where, "no such function", ast.unparse(node.func), FUNCTIONS)
        names = {
            node.id
            for node in ast.walk(tree)
            if isinstance(node, ast.Name) and id(node) not in functions
        }
        for name in sorted(names - set(known)):
            raise InputError(where, "must name measures of this run", name, known, _help(known))
        if not names:
            raise InputError(where, "must name a measure", ast.unparse(tree), remedy=_help(known))
        return names

    def of(self, values: Mapping[str, Any]) -> Any:
        """The outcome at given values of the measures: numbers, or arrays of one shape."""
        space = {name: values[name] for name in self.names}
        with np.errstate(all="ignore"):
            # nothing but the nodes that were checked above can be in it
            found = eval(self._code, {"__builtins__": {}, **FUNCTIONS}, space)
            return np.asarray(found, float) + sum(0.0 * np.asarray(v) for v in space.values())

    def jackknife(self, table: Measures) -> tuple[float, Floats]:
        """The outcome of a run, and its value [replicate] with each replicate left out.

        Exact for means; a smooth expression gets the delete-one jackknife's deviation (Efron 1982,
        The Jackknife, the Bootstrap and Other Resampling Plans).
        """
        means = {name: mean_of(table[name]) for name in self.names}
        left = {}
        for name in self.names:
            values, count = table[name], int((~np.isnan(table[name])).sum())
            left[name] = np.where(
                np.isnan(values), means[name], (means[name] * count - values) / max(1, count - 1)
            )
        return float(self.of(means)), np.atleast_1d(self.of(left))


def _help(names: list[str]) -> str:
    return (
        "measures are, for example, "
        + ", ".join(names[:4])
        + "; `detente list measures SCENARIO` lists all of them"
    )


def deviation(left_out: Floats) -> float:
    """Standard error by the delete-one jackknife, from values [replicate] with one left out."""
    count = len(left_out)
    return float(np.sqrt((count - 1) / count * ((left_out - left_out.mean()) ** 2).sum()))


def default_outcome(spec: Spec) -> str:
    """The outcome if none is given: relations severed at the horizon."""
    return f"severed_at_{spec.horizon}"
