"""Parameters and run settings: frozen, typed, with unit, range, prior and source on each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sim.codebook import HALF_LIVES
from sim.errors import InputError, InputErrors
from sim.home import data_root

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from sim.streams import Streams


@dataclass(frozen=True, slots=True)
class Parameter:
    """One number of the model: value, unit, admissible range, prior deviation, source."""

    name: str
    value: float
    unit: str
    low: float
    high: float
    prior: float
    source: str

    def checked(self, value: object) -> float:
        """``value`` as a float inside the range, or InputError."""
        number = value if isinstance(value, (int, float)) and not isinstance(value, bool) else None
        if number is None or not self.low <= number <= self.high:
            raise InputError(
                f"parameters.{self.name}",
                f"must be a number in [{self.low:g}, {self.high:g}] ({self.unit})",
                value, remedy="see `detente list parameters` for every range and its source")
        return float(number)


PLAIN = ("about", "shares", "pool")
"""Sections of a parameter file that hold no parameters."""


@lru_cache(maxsize=4)
def _tree(path: Path | None) -> Mapping[str, Any]:
    """A parameter file as plain data, read once."""
    import yaml

    path = path or data_root() / "seeds" / "parameters.yaml"
    try:
        return dict(yaml.safe_load(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise InputError(str(path), "the parameter file cannot be read", error.strerror) from error


@lru_cache(maxsize=4)
def parameter_table(path: Path | None = None) -> Mapping[str, Parameter]:
    """The parameter file, name to parameter, in file order.

    Raises
    ------
    InputError
        Where the file is missing or a row lacks a field.
    """
    table: dict[str, Parameter] = {}
    for group, rows in _tree(path).items():
        if group in PLAIN:
            continue
        for key, row in rows.items():
            low, high = row["range"]
            name = f"{group}.{key}"
            parameter = Parameter(name, float(row["value"]), row["unit"], float(low), float(high),
                                  float(row["prior"]), row["source"])
            parameter.checked(parameter.value)
            table[name] = parameter
    return table


def share_table(path: Path | None = None) -> Mapping[str, float]:
    """Shares of acts that a parameter file sets, act to share; empty where it sets none."""
    return {name: float(row["value"]) for name, row in _tree(path).get("shares", {}).items()}


class Parameters(Mapping[str, "NDArray[np.float64]"]):
    """Values of every parameter, each an array ``[1]`` (shared) or ``[R]`` (one a replicate).

    Raises
    ------
    InputError
        On unknown names, values out of range, or an unstable excitation.
    """

    def __init__(self, edits: Mapping[str, object] | None = None,
                 table: Mapping[str, Parameter] | None = None,
                 shares: Mapping[str, float] | None = None) -> None:
        import numpy as np

        self.table = table or parameter_table()
        self.shares = share_table() if shares is None and table is None else shares or {}
        values = {name: p.value for name, p in self.table.items()}
        errors: list[InputError] = []
        for name, value in (edits or {}).items():
            if name not in self.table:
                errors.append(InputError(f"parameters.{name}", "no such parameter", name,
                                         self.table, "see `detente list parameters`"))
                continue
            try:
                values[name] = self.table[name].checked(value)
            except InputError as error:
                errors.append(error)
        if errors:
            raise errors[0] if len(errors) == 1 else InputErrors(errors)
        self.edited = frozenset(edits or {})
        self._values = {name: np.array([value]) for name, value in values.items()}
        radius = float(self.radius().max())
        if radius >= 1:
            raise InputError(
                "parameters.rates", "the excitation must die out: spectral radius below 1",
                f"{radius:.3f}", remedy="lower the own and reply weights of the larger class")

    def __getitem__(self, name: str) -> NDArray[np.float64]:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def excitation(self) -> NDArray[np.float64]:
        """Weights ``[class, own or reply, half-life, 1 or R]``, expected acts per act."""
        import numpy as np

        names = [f"rates.{word}_{side}_{h:g}" for word in ("hostile", "cooperative")
                 for side in ("own", "reply") for h in HALF_LIVES]
        rows = np.broadcast_arrays(*(self[name] for name in names))
        return np.array(rows).reshape(2, 2, len(HALF_LIVES), -1)

    def radius(self) -> NDArray[np.float64]:
        """Spectral radius ``[1 or R]``: own plus reply of the more excitable class.

        The matrix of a pair is symmetric, [[own, reply], [reply, own]], with unit mean marks.
        """
        import numpy as np

        rows = {name: value for name, value in self._values.items() if name[:6] == "rates."}
        total = [sum(v for n, v in rows.items()
                     if n.startswith((f"rates.{word}_own", f"rates.{word}_reply")))
                 for word in ("hostile", "cooperative")]
        return np.maximum(total[0], total[1])

    def drawn(self, streams: Streams, first: int, count: int) -> Parameters:
        """Replicates ``first .. first + count`` of an ensemble drawn from the priors.

        Normal around the value, cut at two deviations and at the range; excitation weights of a
        draw whose spectral radius passes .98 are shrunk to it. A parameter that was edited is not
        drawn.
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
        drawn._values = values
        drawn._tame()
        return drawn

    def designed(self, names: Sequence[str], rows: NDArray[np.float64]) -> Parameters:
        """These values but for ``names``, which take a column each of ``rows`` ``[R, names]``.

        Excitation weights of a row whose spectral radius passes .98 are shrunk to it.
        """
        import numpy as np

        made = Parameters.__new__(Parameters)
        made.table, made.edited = self.table, self.edited | set(names)
        made.shares = self.shares
        made._values = self._values | {
            name: np.ascontiguousarray(rows[:, k]) for k, name in enumerate(names)}
        made._tame()
        return made

    def _tame(self) -> None:
        """Shrink the excitation of replicates in which it would not die out."""
        import numpy as np

        shrink = np.minimum(1.0, 0.98 / np.maximum(self.radius(), 1e-12))
        if (shrink < 1).any():
            for name in self._values:
                if "_own_" in name or "_reply_" in name:
                    self._values[name] = self._values[name] * shrink


class RunSettings(BaseModel):
    """How to run: what is not part of the world.

    Attributes
    ----------
    replicates
        Number of simulated histories, 1 to 1,000,000.
    horizon_days
        Days to project, 1 to 36,500; None takes the scenario's.
    tick_days
        Length of a step, days, 0.5 to 2: at most one act a class and tick, so longer ticks lose
        acts in bursts, and shorter ones find more.
    seed
        Root of every stream, 0 to 2^63 - 1.
    uncertainty
        Whether each replicate draws its own parameters from their priors.
    workers
        Processes; 0 takes every core.
    twin_replicates
        Replicates repeated without third parties, for their paired effect.
    block_elements
        Replicates times dyads worked on at once; changes speed and memory, never a result.
    all_events
        Whether every act is kept, not the ladder acts and those of the focal dyads alone.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    replicates: int = Field(1000, ge=1, le=1_000_000)
    horizon_days: int | None = Field(None, ge=1, le=36_500)
    tick_days: float = Field(1.0, ge=0.5, le=2.0)
    twin_replicates: int = Field(0, ge=0, le=1_000_000)
    seed: int = Field(20251103, ge=0, lt=2**63)
    uncertainty: bool = True
    workers: int = Field(0, ge=0, le=1024)
    block_elements: int = Field(160_000, ge=1, le=100_000_000)
    all_events: bool = False

    @classmethod
    def checked(cls, **values: Any) -> RunSettings:
        """Settings from plain values, or InputError with every fault."""
        try:
            return cls(**values)
        except ValidationError as error:
            raise complaints("settings", error, tuple(cls.model_fields)) from error


def complaints(where: str, error: ValidationError, known: tuple[str, ...] = ()) -> InputError:
    """A pydantic error as ours: every fault, each with its key path."""
    found: list[InputError] = []
    for item in error.errors():
        path = ".".join(str(part) for part in item["loc"])
        unknown = item["type"] == "extra_forbidden"
        found.append(InputError(
            f"{where}: {path}" if path else where,
            "no such key" if unknown else item["msg"].removeprefix("Value error, "),
            item["loc"][-1] if unknown else item["input"], known if unknown else ()))
    return found[0] if len(found) == 1 else InputErrors(found)
