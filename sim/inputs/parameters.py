"""Parameters and run settings: frozen, typed, with unit, range, prior and source on each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from sim.errors import InputError, InputErrors
from sim.inputs.data_root import data_root
from sim.law.vocabulary import HALF_LIVES

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
        radius = float(self.radius().max())
        if radius >= 1:
            raise InputError(
                "parameters.rates",
                "the excitation must die out: spectral radius below 1",
                f"{radius:.3f}",
                remedy="lower the own and reply weights of the larger class",
            )

    def __getitem__(self, name: str) -> NDArray[np.float64]:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def excitation(self) -> NDArray[np.float64]:
        """Excitation weights, ``[class, side, half-life, 1 or replicate]``, acts per act, >= 0.

        Side 0: the sender's own acts; side 1: acts of the other side.
        """
        import numpy as np

        names = [
            f"rates.{word}_{side}_{h:g}"
            for word in ("hostile", "cooperative")
            for side in ("own", "reply")
            for h in HALF_LIVES
        ]
        rows = np.broadcast_arrays(*(self[name] for name in names))
        return np.array(rows).reshape(2, 2, len(HALF_LIVES), -1)

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

    def radius(self) -> NDArray[np.float64]:
        """Spectral radius of excitation, ``[1 or replicate]``, >= 0; below 1 it dies out.

        It is own plus reply of the more excitable class: the matrix of a pair is symmetric,
        [[own, reply], [reply, own]], with marks of mean 1.
        """
        import numpy as np

        rows = {name: value for name, value in self._values.items() if name[:6] == "rates."}
        total = [
            sum(
                v
                for n, v in rows.items()
                if n.startswith((f"rates.{word}_own", f"rates.{word}_reply"))
            )
            for word in ("hostile", "cooperative")
        ]
        return np.maximum(total[0], total[1])

    def drawn(self, streams: Streams, first: int, count: int) -> Parameters:
        """Parameters drawn from their priors, ``[replicate]``: ``count`` replicates from ``first``.

        The prior is normal around the value, cut at two standard deviations and at the range. If
        the spectral radius of a draw is above 0.98, its excitation weights are shrunk to that. A
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

        ``rows``: ``[replicate, name]``, in the unit of each. If the spectral radius of a row is
        above 0.98, its excitation weights are shrunk to that.
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
        """Shrink the excitation weights of replicates with a spectral radius above 0.98."""
        import numpy as np

        shrink = np.minimum(1.0, 0.98 / np.maximum(self.radius(), 1e-12))
        if (shrink < 1).any():
            for name in self._values:
                if "_own_" in name or "_reply_" in name:
                    self._values[name] = self._values[name] * shrink
