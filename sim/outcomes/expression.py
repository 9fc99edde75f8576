"""An outcome: a measure of a run, or an expression over measures, with its Monte Carlo error."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from sim.ensemble.spec import Spec
from sim.errors import InputError
from sim.outcomes.conditions import GIVEN, Conditions
from sim.outcomes.grammar import Names, as_expression, slip
from sim.outcomes.intervals import Z
from sim.outcomes.measures import (
    Floats,
    Measures,
    Table,
    interval,
    mean_of,
    number_of_day,
    of_any_day,
)

_NODES = (
    ast.Expression,
    ast.BinOp,
    ast.UnaryOp,
    ast.Compare,
    ast.Call,
    ast.Name,
    ast.Constant,
    ast.Load,
    ast.BoolOp,
    ast.boolop,
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

    Numbers, ``+ - * / ** %``, comparisons (1 if true) and :data:`FUNCTIONS` may be used, and
    conditions, replicate by replicate: ``and``, ``or``, ``not``, ``given(x, condition)``. A measure
    may have any day, or a date: ``severed_at_45``, ``restored_by:2026-07-28``. Questions in words
    are read too: ``severed before 2026-07-28 and not asylee_left`` (``sim.outcomes.grammar``).

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
        self.text = str(text)
        names = known.names() if isinstance(known, Table) else known
        names = names if isinstance(names, Names) else Names(names)
        self.expression = as_expression(self.text.strip())
        try:
            tree = ast.parse(self.expression, mode="eval")
        except SyntaxError as error:
            rule = "must be a question, or an expression over measures"
            raise InputError(where, rule, *slip(self.text, names), remedy=_help(names)) from error
        self.names = self._checked(tree, names, where)
        self._conditions = Conditions(tree)
        read = set().union(*self._conditions.names.values(), set())
        self._free = {n.id for n in ast.walk(self._conditions.tree) if isinstance(n, ast.Name)}
        self._free -= {*FUNCTIONS, *self._conditions.names}
        self.names = (self.names & (read | self._free)) - set(FUNCTIONS)
        self._code = compile(self._conditions.tree, "outcome", "eval")

    @staticmethod
    def _checked(tree: ast.Expression, known: Names, where: str) -> set[str]:
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
                if not isinstance(node.func, ast.Name) or node.func.id not in (*FUNCTIONS, GIVEN):
                    known_functions = (*FUNCTIONS, GIVEN)
                    raise InputError(
                        where, "no such function", ast.unparse(node.func), known_functions
                    )
                if node.func.id == GIVEN and len(node.args) != 2:
                    rule = "given needs two parts: what is asked, and the condition"
                    raise InputError(where, rule, ast.unparse(node))
        names = {
            node.id
            for node in ast.walk(tree)
            if isinstance(node, ast.Name) and id(node) not in functions
        }
        for name in sorted(name for name in names - set(known) if not of_any_day(name, known)):
            raise InputError(where, "must name measures of this run", name, known, _help(known))
        for name in sorted(names - set(known)):
            number_of_day(name, known, where)
        if not names:
            raise InputError(where, "must name a measure", ast.unparse(tree), remedy=_help(known))
        return names

    def of(self, values: Mapping[str, Any]) -> Any:
        """The outcome at given values of the measures: numbers, or arrays of one shape."""
        return self.worked_out(self.parts(values))

    def parts(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Measures and conditions of the expression by name, ``[replicate]`` as ``values``."""
        held = {name: values[name] for name in self._free}
        return held | self._conditions.of(values, FUNCTIONS)

    def worked_out(self, space: Mapping[str, Any]) -> Any:
        """The expression at values of its :meth:`parts`: numbers, or arrays of one shape."""
        with np.errstate(all="ignore"):
            # nothing but the nodes that were checked above can be in it
            found = eval(self._code, {"__builtins__": {}, **FUNCTIONS}, space)
            return np.asarray(found, float) + sum(0.0 * np.asarray(v) for v in space.values())

    def each(self, table: Measures) -> Floats | None:
        """The outcome in each replicate, ``[replicate]``, if it is one measure or condition.

        NaN marks replicates in which it has no value. None for any other expression: its value is
        worked out from means.
        """
        body = self._conditions.tree.body
        return np.asarray(self.parts(table)[body.id]) if isinstance(body, ast.Name) else None

    def jackknife(self, table: Measures) -> tuple[float, Floats]:
        """The outcome of a run, and its value [replicate] with each replicate left out.

        Exact for means; a smooth expression gets the delete-one jackknife's deviation (Efron 1982,
        The Jackknife, the Bootstrap and Other Resampling Plans).
        """
        held = self.parts(table)
        means = {name: mean_of(values) for name, values in held.items()}
        left = {}
        for name, values in held.items():
            count = int((~np.isnan(values)).sum())
            left[name] = np.where(
                np.isnan(values), means[name], (means[name] * count - values) / max(1, count - 1)
            )
        return float(self.worked_out(means)), np.atleast_1d(self.worked_out(left))


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


def estimated(outcome: Outcome, table: Measures) -> tuple[float, float, float]:
    """An outcome of a run's measures and its 95 % interval (Monte Carlo error)."""
    value, left = outcome.jackknife(table)
    own = outcome.each(table)
    half = Z * deviation(left)
    return value, *(interval(own) if own is not None else (value - half, value + half))


def default_outcome(spec: Spec) -> str:
    """The outcome if none is given: relations severed at the horizon."""
    return f"severed_at_{spec.horizon}"
