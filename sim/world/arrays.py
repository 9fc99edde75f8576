"""The world of a block of replicates: its states, what they hold of each other, and geography."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.inputs.countries import state
from sim.inputs.leaders import leaning
from sim.inputs.pairs import rivals, standing_before, ties
from sim.inputs.scenario import Scenario
from sim.law.ladder import encode
from sim.law.vocabulary import Level
from sim.world.fields import ARRAYS, RECORDS, SIZES, Field, empty
from sim.world.pairs import ordinals
from sim.world.rooms import PAIR

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]


class World:
    """All fields of ``world.state`` for a block of replicates, by name, and what does not change.

    A field of a group of records is a view of it: ``world.ladder`` is
    ``world.groups["dyads"]["ladder"]``.

    Parameters
    ----------
    scenario
        States, standing and shocks.
    replicates
        Number of replicates, R.
    start
        First day of the record.
    slots
        Slots for asylum cases.
    event_data
        Whether dyads have severity habits, and start with ambassadors both ways.

    Attributes
    ----------
    states
        ISO 3166 alpha-3 codes; places in it are the axes ``[sender]``, ``[target]``, ``[state]``.
    groups
        Arrays and records by name of group, on the axes that ``world.state`` gives; and
        ``trust_rows``, ``target_rows``, ``bound_rows``, the same memory row by row, and
        ``held_dyads``, ``listed_dyads``, ``dispute_dyads`` ``[replicate, place, 2]``, of ``State``.
    third_party
        ``[replicate, sender, target]``, 0 to 6, by institution: ``ThirdParty``, kept for
        sender < target.
    isolated
        ``[state]``, bool: state that takes no part (``scenario.isolated``).
    linked, border, caracas, refuge, force
        ``[sender, target]``, bool: may act on each other; share a border; both are parties to
        the Caracas Convention of 1954; not both follow the Latin American practice of asylum, so
        that a mission is a refuge without a right to it; share a border or are rivals, so that
        force may be used.
    reduced
        ``[sender, target]``, bool: stood below ambassadors when the record began.
    bodies, ideal, rivalry, alliance, partner, distance
        ``[sender, target]``: what is measured of the pair (``inputs.pairs.ties``).
    blocs
        ``[state, bloc]``, 0 to 1: membership of ``law.vocabulary.BLOCS``, 1 for a full member.
    gdp_product
        ``[sender, target]``, > 0: GDP times GDP, each in 10^11 USD (1 if not sourced).
    size
        States rounded up to a multiple of 4, or the scenario's ``roster``: the width of the
        random draws. A state added within it changes no draw of the others.
    """

    def __init__(
        self, scenario: Scenario, replicates: int, start: date, slots: int, event_data: bool = False
    ) -> None:
        self.states, self.replicates = scenario.states, replicates
        count = len(self.states)
        self.size = max(scenario.roster, -(-count // 4) * 4)
        lengths = {
            "replicate": replicates,
            "sender": count,
            "target": count,
            "state": count,
            "slot": slots,
            "place": self.size,
            **SIZES,
        }
        self.groups: dict[str, NDArray[Any]] = {
            name: empty(name, tuple(lengths[axis] for axis in axes))
            for name, axes in (
                *((name, axes) for name, (axes, _) in ARRAYS.items()),
                *((name, axes) for name, (axes, _) in RECORDS.items()),
            )
        }
        if not event_data:
            self.groups["habit"] = np.zeros((0, count, count))
        for name in ("trust", "target", "bound"):
            self.groups[f"{name}_rows"] = self.groups[name].reshape(replicates, -1)
        for name in ("held", "listed", "dispute"):
            self.groups[f"{name}_dyads"] = np.zeros((replicates, count * count, 2), np.int32)
        self.third_party: dict[str, NDArray[np.int8]] = {}
        self.isolated = np.array([code in scenario.isolated for code in self.states])
        self.start = start
        self._government(scenario, start)
        self._geography(scenario)
        self.reduced = np.zeros((len(self.states),) * 2, bool)
        if not event_data:  # news has states consult that have no relations in law
            self._standing(scenario, start)

    def __getattr__(self, name: str) -> Any:
        groups = self.__dict__.get("groups", {})
        if name in groups:
            return groups[name]
        for group, (_, fields) in RECORDS.items():
            if group in groups and any(field.name == name for field in fields):
                return groups[group][name]
        raise AttributeError(name)

    def _government(self, scenario: Scenario, start: date) -> None:
        """Set leanings; those that are not known are NaN until the model draws them."""
        known = [leaning(code, start, scenario.edits) for code in self.states]
        self.ideology[...] = [np.nan if value is None else value for value in known]

    def _geography(self, scenario: Scenario) -> None:
        """Set what does not change: bodies, borders, GDP, the Caracas Convention, who may act.

        Memberships, votes and trade are those of the information date.
        """
        day, edits = scenario.information_date, scenario.edits
        rows = [state(code, edits) for code in self.states]
        self.blocs = np.array([row.blocs(day) for row in rows])
        measured = ties(self.states, self.states, day, edits)
        self.bodies, self.ideal = measured["bodies"], measured["ideal"]
        self.rivalry, self.alliance = measured["rivalry"], measured["alliance"]
        self.partner, self.distance = measured["partner"], measured["distance"]
        self.border = np.array([[b.iso3 in a.borders for b in rows] for a in rows])
        gdp = np.array([row.gdp or 100.0 for row in rows])
        self.gdp_product = gdp[:, None] * gdp[None] / 100.0**2
        foes = rivals(edits)
        self.force = self.border | np.array(
            [[frozenset((a.iso3, b.iso3)) in foes for b in rows] for a in rows]
        )
        self.caracas = np.array([[a.caracas and b.caracas for b in rows] for a in rows])
        self.refuge = np.array([[not (a.signed and b.signed) for b in rows] for a in rows])
        open_ = ~self.isolated
        self.linked = open_[:, None] & open_[None] & ~np.eye(len(rows), dtype=bool)

    def _standing(self, scenario: Scenario, start: date) -> None:
        position = {code: k for k, code in enumerate(self.states)}
        for (a, b), (ladder, since) in standing_before(start, scenario.edits).items():
            if a in position and b in position:
                i, j = position[a], position[b]
                self.ladder[:, i, j] = encode(ladder)
                self.ladder[:, j, i] = encode(ladder.mirrored())
                self.reduced[i, j] = self.reduced[j, i] = True
                self.since[:, i, j] = self.since[:, j, i] = since.toordinal()

    def pairs(self) -> NDArray[Any]:
        """``[sender, target]`` records for the day, as ``rooms.PAIR``."""
        found = np.zeros(self.linked.shape, PAIR)
        for name in PAIR.names or ():
            found[name] = getattr(self, name)
        return found

    def hold(self, replicate: Ints, sender: Ints, target: Ints) -> None:
        """Note that a third party has a hold on dyads, ``[row]``, each at most once a replicate.

        The hold fades from then on, and a restoration may have become more likely.
        """
        dyad = np.stack([sender, target], axis=1)
        held, count = self.groups["held_dyads"], self.course["held"]
        most = int(count.max(initial=0))
        known = (held[replicate, :most] == dyad[:, None]).all(axis=2)
        known &= np.arange(most) < count[replicate][:, None]
        new = ~known.any(axis=1)
        own = replicate[new]
        held[own, count[own] + ordinals(own)] = dyad[new]
        np.add.at(count, own, 1)
        self.renewed[replicate, sender, target] = -1

    @property
    def level(self) -> NDArray[np.uint8]:
        """Rank of the sender's mission, ``[replicate, sender, target]``, 0 to 3: ``Level``."""
        return (self.ladder & 3).astype(np.uint8)

    @property
    def recalled(self) -> NDArray[np.bool_]:
        """Whether the sender's ambassador is recalled, ``[replicate, sender, target]``, bool."""
        return (self.ladder >> 2 & 1).astype(bool)

    @property
    def severed(self) -> NDArray[np.bool_]:
        """Whether relations are severed, ``[replicate, sender, target]``, bool, symmetric."""
        return (self.ladder >> 6 & 1).astype(bool)

    @property
    def visa(self) -> NDArray[np.bool_]:
        """Whether the sender demands visas, ``[replicate, sender, target]``, bool."""
        return (self.ladder >> 7 & 1).astype(bool)

    def check(self) -> None:
        """Check the range of every field, and what must hold between fields; nothing comes back.

        Raises
        ------
        AssertionError
            If a value is out of range, or the two sides of a pair do not match.
        """
        for name, (_, field) in ARRAYS.items():
            _check(field, self.groups[name])
        for name, (_, fields) in RECORDS.items():
            for field in fields:
                _check(field, self.groups[name][field.name])
        diagonal = np.arange(len(self.states))
        assert (self.trust[:, diagonal, diagonal] == 0).all(), "no trust in oneself"
        assert (self.severed == self.severed.transpose(0, 2, 1)).all(), "severed is symmetric"
        assert (self.level[self.severed] == Level.NONE).all(), "no mission where severed"
        assert (self.level[self.recalled] == Level.AMBASSADOR).all(), "only ambassadors are away"
        ladder = self.ladder
        mirrored = (
            (ladder & 7) << 3
            | ladder >> 3 & 7
            | ladder & 64
            | (ladder >> 7 & 1) << 8
            | (ladder >> 8 & 1) << 7
        )
        assert (ladder.transpose(0, 2, 1) == mirrored).all(), "ladders mirror each other"


def _check(field: Field, values: NDArray[Any]) -> None:
    """Raise AssertionError if a value of a field is no number or out of its range."""
    assert not np.isnan(values).any(), f"{field.name} is a number"
    inside = (values >= field.low) & (values <= field.high)
    assert inside.all(), f"{field.name} in [{field.low:g}, {field.high:g}]"


@dataclass(frozen=True)
class LongRunRates:
    """Long-run rates and habits of all dyads.

    Attributes
    ----------
    longrun
        [grade, replicate, sender, target] long-run rates, acts per day, >= 0; diagonal 0.
    habit
        [replicate, sender, target] log odds that a cooperative act of the dyad is major, less the
        pool's log odds.
    mark, mean
        [grade] mean weight in memory of the acts, > 0, before it is scaled to 1; acts per day, > 0,
        of an average dyad.
    """

    longrun: Floats
    habit: Floats
    mark: tuple[float, ...]
    mean: tuple[float, ...]
