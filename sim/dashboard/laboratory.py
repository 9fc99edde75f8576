"""The dashboard's model: the base run and a what-if run side by side, tick by tick."""

from __future__ import annotations

from datetime import date, timedelta

import mesa

from sim.dashboard.sides import Side
from sim.engine.reasons import ReasonRecorder
from sim.engine.replay import replay
from sim.ensemble.simulate import model_of
from sim.ensemble.spec import RunParts
from sim.errors import InputError
from sim.inputs.interventions import scheduled
from sim.inputs.scenario_file import load
from sim.inputs.settings import RunSettings

NOTHING = "(no what-if)"
"""The menu entry for no what-if."""
PAST_DAYS = 90
"""Days of the record before the information date that a fan shows."""
NEAR_ONE = 1e-6
"""A factor that differs from 1 by less than this counts as 1, because sliders round."""
WHERE = ("base", "what-if", "both")
"""Where an act is added: in the base run, in the what-if run, in both."""


class Laboratory(mesa.Model):  # type: ignore[misc]
    """The dashboard's model; a step is one tick of the base run and of the what-if run.

    Parameters
    ----------
    scenario, what_if
        Names as on the command line; :data:`NOTHING` for no what-if.
    replicates, seed
        As in ``RunSettings``.
    follow
        Replicate whose acts the log shows.
    kwargs
        Factors of parameters by name, ``trust__kappa`` for trust.kappa; 1 changes nothing.

    Attributes
    ----------
    acts
        Acts that were added while it ran, as :meth:`add` takes them.
    values
        Edited parameters by dotted name, with the value that they have.

    Raises
    ------
    InputError
        If any of these is unknown or out of range.
    """

    def __init__(
        self,
        scenario: str = "chavez_asylum_2025",
        what_if: str = NOTHING,
        replicates: int = 200,
        seed: int = 20251103,
        follow: int = 0,
        **kwargs: float,
    ) -> None:  # Mesa asks for this name
        super().__init__(rng=0)
        self.case, self.follow = load(scenario), min(int(follow), int(replicates) - 1)
        settings = RunSettings.checked(replicates=int(replicates), seed=int(seed), workers=1)
        self.values = edited(kwargs)
        self.acts: list[str] = []
        parts = RunParts(self.case, settings, self.values)
        self.sides: list[Side] = []
        for name in (None, *([] if what_if == NOTHING else [what_if])):
            spec = parts.spec(name)
            recorder = ReasonRecorder(self.follow)
            model = model_of(spec, 0, int(replicates), recorder=recorder)
            side = Side(
                "Base run" if name is None else spec.scenario.what_ifs[name].title, model, recorder
            )
            start = spec.scenario.information_date.toordinal()
            replay(
                model,
                spec.record,
                lambda day, side=side, start=start: (  # type: ignore[misc]
                    side.note(day - start) if day >= start - PAST_DAYS else None
                ),
            )
            model.begin(spec.horizon)
            side.add_standing()
            self.sides.append(side)
        self.horizon = spec.horizon

    @property
    def day(self) -> int:
        """Days since the information date."""
        return int(self.sides[0].days[-1])

    @property
    def today(self) -> date:
        """The date."""
        return self.case.information_date + timedelta(days=self.day)

    def add(self, text: str) -> None:
        """Add an act that comes on its day: ``both 2025-11-10 PER>MEX apology``.

        The first word says where: ``base``, ``what-if`` or ``both``. It happens in the replicates
        in which it is lawful on that day; a day that has passed is refused.

        Raises
        ------
        InputError
            If it cannot be read, or its day is not one that is still to come.
        """
        where, _, act = text.strip().partition(" ")
        if where not in WHERE:
            raise InputError("act", f"must begin with {', '.join(WHERE)}", text, WHERE)
        day = scheduled(act)["day"]
        last = self.case.information_date + timedelta(days=self.horizon)
        if not self.today < day <= last:
            raise InputError("act", f"must come after {self.today}, to {last}", day)
        chosen = {"base": self.sides[:1], "what-if": self.sides[1:], "both": self.sides}[where]
        if not chosen:
            raise InputError("act", "there is no what-if run", where, WHERE)
        for side in chosen:
            side.schedule(f"added {len(self.acts) + 1}", act)
        self.acts.append(text)

    def go_to(self, day: int) -> None:
        """Simulate up to a day, days since the information date; one that has passed changes
        nothing."""
        while self.day < min(day, self.horizon):
            self.step()

    def release(self) -> None:
        """Give back the memory of both runs: the page has been closed."""
        self.running = False
        for side in self.sides:
            side.model.dissolve()
        self.sides = []

    def step(self) -> None:
        """Advance both runs by one tick, on the same random draws."""
        for side in self.sides:
            side.model.step()
            side.note(side.model.day - self.case.information_date.toordinal())
            side.add_standing()
            side.add_acts(self.follow)
        self.running = self.day < self.horizon


def edited(factors: dict[str, float]) -> dict[str, float]:
    """Edited parameters by dotted name: shipped value times factor, clipped to its range.

    A factor of 1 is no edit. An edited parameter has the same value in all replicates; the others
    are drawn for each replicate.
    """
    from sim.inputs.parameters import parameter_table

    found = {}
    for name, factor in factors.items():
        if abs(factor - 1.0) > NEAR_ONE:
            row = parameter_table()[name.replace("__", ".")]
            found[row.name] = min(max(row.value * factor, row.low), row.high)
    return found
