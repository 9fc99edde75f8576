"""Parameters and run settings: frozen, typed, with unit, range, prior and source on each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from sim.errors import InputError, InputErrors
from sim.inputs.data_root import data_root
from sim.law.vocabulary import EXCITED, HALF_LIVES, SIDES, share_name

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from sim.inputs.parameter_rows import ParameterFile
    from sim.streams import Streams


@dataclass(frozen=True, slots=True)
class Parameter:
    """One number of the model: value, unit, admissible range, prior standard deviation, source."""

    name: str
    value: float
    unit: str
    low: float
    high: float
    prior: float
    source: str

    def checked(self, value: object) -> float:
        """``value`` as a float.

        Raises
        ------
        InputError
            If it is no number or outside the range.
        """
        number = value if isinstance(value, (int, float)) and not isinstance(value, bool) else None
        if number is None or not self.low <= number <= self.high:
            raise InputError(
                f"parameters.{self.name}",
                f"must be a number in [{self.low:g}, {self.high:g}] ({self.unit})",
                value,
                remedy="see `detente list parameters` for every range and its source",
            )
        return float(number)


@lru_cache(maxsize=4)
def _content(path: Path | None) -> ParameterFile:
    """A parameter file, read and checked once; None takes the default file."""
    from sim.inputs.parameter_rows import read_parameters

    default = data_root() / "seeds" / "parameters.yaml"
    if path is None or path.resolve() == default.resolve():
        return read_parameters(default)
    return read_parameters(path, parameter_table())


@lru_cache(maxsize=4)
def parameter_table(path: Path | None = None) -> Mapping[str, Parameter]:
    """Parameters of a parameter file, by name, in file order; None takes the default file.

    Raises
    ------
    InputError
        If the file cannot be read, or anything in it is not admissible: values, ranges, priors,
        intervals, shares, what dyads have in common.
    """
    return {
        f"{group}.{key}": Parameter(
            f"{group}.{key}", row.value, row.unit, *row.range, row.prior, row.source
        )
        for group, rows in _content(path).groups.items()
        for key, row in rows.items()
    }


def share_table(path: Path | None = None) -> Mapping[str, float]:
    """Shares of acts that a parameter file sets, by act; empty if it sets none."""
    return {name: row.value for name, row in _content(path).shares.items()}


class Parameters(Mapping[str, "NDArray[np.float64]"]):
    """Values of all parameters, by name.

    Each is an array ``[1]`` (shared) or ``[replicate]``, in the unit and range of its
    :class:`Parameter`. ``edits`` replace values; ``edited`` holds their names.

    Raises
    ------
    InputError
        If a name is unknown, a value is out of range, or excitation would not die out.
    """

    def __init__(
        self,
        edits: Mapping[str, object] | None = None,
        table: Mapping[str, Parameter] | None = None,
        shares: Mapping[str, float] | None = None,
    ) -> None:
        import numpy as np

        self.table = table or parameter_table()
        self.shares = share_table() if shares is None and table is None else shares or {}
        values = {name: p.value for name, p in self.table.items()}
        errors: list[InputError] = []
        for name, value in (edits or {}).items():
            if name not in self.table:
                errors.append(
                    InputError(
                        f"parameters.{name}",
                        "no such parameter",
                        name,
                        self.table,
                        "see `detente list parameters`",
                    )
                )
                continue
            try:
                values[name] = self.table[name].checked(value)
            except InputError as error:
                errors.append(error)
        if errors:
            raise errors[0] if len(errors) == 1 else InputErrors(errors)
        self.edited = frozenset(edits or {})
        self._values = {name: np.array([value]) for name, value in values.items()}
        self._records: NDArray[np.void] | None = None
        echo = self.echo().max(axis=1)
        if echo.max() >= 1:
            raise InputError(
                "parameters.rates",
                "the excitation must die out: shares of a grade that acts excite must sum to "
                "less than 1",
                f"{echo.max():.3f}",
                remedy=f"lower the shares of {EXCITED[int(echo.argmax())]} acts",
            )

    def __getitem__(self, name: str) -> NDArray[np.float64]:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def excitation(self) -> NDArray[np.float64]:
        """Shares of acts that others excite, 0 to 1, by grade of the acts and of the others.

        ``[grade, side, grade of the others, half-life, 1 or replicate]``. Side 0: the sender's own
        acts; side 1: acts of the other side. A share that the table does not list is 0.
        """
        import numpy as np

        width = max((len(value) for value in self._values.values()), default=1)
        found = np.zeros((len(EXCITED), len(SIDES), len(EXCITED), len(HALF_LIVES), width))
        for g, grade in enumerate(EXCITED):
            for side, word in enumerate(SIDES):
                for source, by in enumerate(EXCITED):
                    for h, half in enumerate(HALF_LIVES):
                        name = share_name(grade, word, by, half)
                        if name in self._values:
                            found[g, side, source, h] = self._values[name]
        return found

    def records(self) -> NDArray[np.void]:
        """All parameters as records, ``[1 or replicate]``, for compiled rules: ``p.trust_kappa``.

        A field is named as its parameter, with an underscore in place of the dot.
        """
        import numpy as np

        if self._records is not None:
            return self._records
        rows = max(len(value) for value in self._values.values())
        fields = [(name.replace(".", "_"), np.float64) for name in self._values]
        found = np.empty(rows, np.dtype(fields, align=True))
        for name, value in self._values.items():
            found[name.replace(".", "_")] = value
        self._records = found
        return found

    def echo(self) -> NDArray[np.float64]:
        """Share of the acts of each grade that other acts excite, ``[grade, 1 or replicate]``.

        If it is below 1 for every grade, excitation dies out: the matrix of further acts per act
        times the mix of an average pair is at most that share of the mix, so its spectral radius
        is below 1 (Collatz and Wielandt).
        """
        return self.excitation().sum(axis=(1, 2, 3))

    def drawn(self, streams: Streams, first: int, count: int) -> Parameters:
        """Parameters drawn from their priors, ``[replicate]``: ``count`` replicates from ``first``.

        The prior is normal around the value, cut at two standard deviations and at the range. If
        acts excite more than 0.98 of a grade in a draw, its shares are shrunk to that. A
        parameter that was edited, or whose prior deviation is 0, is not drawn.
        """
        import numpy as np
        from scipy.special import ndtr, ndtri

        drawn = Parameters.__new__(Parameters)
        drawn.table, drawn.edited, drawn.shares = self.table, self.edited, self.shares
        values: dict[str, NDArray[np.float64]] = {}
        for name, spec in self.table.items():
            centre = self._values[name]
            if spec.prior == 0 or name in self.edited:
                values[name] = centre
                continue
            low = max(spec.low, spec.value - 2 * spec.prior)
            high = min(spec.high, spec.value + 2 * spec.prior)
            edges = ndtr((np.array([low, high]) - spec.value) / spec.prior)
            u = streams.uniform(f"parameter:{name}", 0, first, count, 1)[:, 0]
            values[name] = spec.value + spec.prior * ndtri(edges[0] + (edges[1] - edges[0]) * u)
        drawn._values, drawn._records = values, None
        drawn._tame()
        return drawn

    def designed(self, names: Sequence[str], rows: NDArray[np.float64]) -> Parameters:
        """Parameters in which ``names`` have the columns of ``rows``; the others keep their values.

        ``rows``: ``[replicate, name]``, in the unit of each. If acts excite more than 0.98 of a
        grade in a row, its shares are shrunk to that.
        """
        import numpy as np

        made = Parameters.__new__(Parameters)
        made.table, made.edited = self.table, self.edited | set(names)
        made.shares, made._records = self.shares, None
        made._values = self._values | {
            name: np.ascontiguousarray(rows[:, k]) for k, name in enumerate(names)
        }
        made._tame()
        return made

    def _tame(self) -> None:
        """Shrink the shares of a grade in replicates in which acts excite more than 0.98 of it."""
        import numpy as np

        shrink = np.minimum(1.0, 0.98 / np.maximum(self.echo(), 1e-12))
        for g, grade in enumerate(EXCITED):
            if (shrink[g] < 1).any():
                for name in self._values:
                    if name.startswith((f"rates.{grade}_own_", f"rates.{grade}_reply_")):
                        self._values[name] = self._values[name] * shrink[g]
