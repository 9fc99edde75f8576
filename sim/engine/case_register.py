"""The cases of asylum of a block: entered, moved from station to station, logged."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.inputs.scenario import AsylumRequest, OpenCase
from sim.law.acts import INDEX
from sim.law.vocabulary import CaseStatus
from sim.rules.activity import chance
from sim.world.act_batch import Acts
from sim.world.rows import CaseRows

if TYPE_CHECKING:
    from sim.world.state import State

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
FATES = {"open": 0, "granted": 1, "refused": 2, "denied": 3}
"""Codes of what a scenario sets for a case; 0 leaves it to the rules."""


class CaseRegister:
    """Cases of asylum of one block, and the acts by which they move."""

    def __init__(self, model: State) -> None:
        self.model = model
        world, scenario = model.world, model.case
        named: list[OpenCase | AsylumRequest] = [*scenario.cases.values()]
        named += [s for s in scenario.shocks.values() if isinstance(s, AsylumRequest)]
        self.slot = {id(case): k for k, case in enumerate(named)}
        self.decision = np.zeros(world.host.shape[1], np.int8)
        self.safe_conduct = np.zeros(world.host.shape[1], np.int8)
        for k, case in enumerate(named):
            self.safe_conduct[k] = FATES[case.safe_conduct]
            if isinstance(case, AsylumRequest):
                self.decision[k] = FATES[case.decision]
        self.names = [f"case {name}" for name in scenario.cases] + [
            f"request {name}"
            for name, shock in scenario.shocks.items()
            if isinstance(shock, AsylumRequest)
        ]
        self.pairs = np.argwhere(world.linked)
        named_tops = ("prompt", "late", "late_leader", "safe_trust", "caracas", "denial", "raid")
        top = {name: model.parameters[f"asylum.{name}"].max() for name in named_tops}
        third = model.parameters["restoration.third_party"].max()
        pace = max(top["prompt"], top["late"] * np.exp(top["late_leader"] + third))
        self.ceiling = chance(
            np.array(
                [pace * np.exp(top["safe_trust"] + top["caracas"]), top["denial"], top["raid"]]
            ),
            model.days,
        )
        self.rows: list[NDArray[np.float64]] = []

    def open_cases(self) -> None:
        """Enter the cases that are open on the information date, as granted and responded to."""
        for case in self.model.case.cases.values():
            self._enter(
                self.slot[id(case)],
                case.host,
                case.territorial,
                case.camp,
                case.since.toordinal(),
                CaseStatus.GRANTED,
            )
            self.model.world.answered[:, self.slot[id(case)]] = True

    def request(self, shock: AsylumRequest) -> None:
        """Enter a request of the scenario today, and enact it in every replicate."""
        model = self.model
        self._enter(
            self.slot[id(shock)],
            shock.host,
            shock.territorial,
            shock.camp,
            model.day,
            CaseStatus.REQUESTED,
        )
        every = np.arange(model.world.replicates)
        self._asked(every, np.full(len(every), self.slot[id(shock)]), "set by the scenario")

    def _asked(self, replicate: Ints, slot: Ints, why: str) -> None:
        acts = self._acts(replicate, slot, "asylum_requested", host_acts=True)
        if self.model.recorder:
            self.model.recorder.given(self.model, acts, why)
        self.model.enact(acts)

    def _enter(
        self, slot: int, host: str, territorial: str, camp: float, day: float, status: CaseStatus
    ) -> None:
        world = self.model.world
        world.host[:, slot] = world.states.index(host)
        world.territorial[:, slot] = world.states.index(territorial)
        world.camp[:, slot], world.case_day[:, slot] = camp, day
        world.case[:, slot] = status
        world.answered[:, slot] = False

    def _acts(
        self, replicate: Ints, slot: Ints, act: str | NDArray[np.int16], host_acts: bool
    ) -> Acts:
        world = self.model.world
        host = world.host[replicate, slot].astype(np.intp)
        territorial = world.territorial[replicate, slot].astype(np.intp)
        index = np.full(len(replicate), INDEX[act]) if isinstance(act, str) else act.astype(np.intp)
        return (
            Acts(replicate, host, territorial, index)
            if host_acts
            else Acts(replicate, territorial, host, index)
        )

    def _tell(
        self,
        mask: NDArray[np.bool_],
        replicate: Ints,
        slot: Ints,
        act: str,
        host_acts: bool,
        rule: str = "set by the scenario",
        chance_: Floats | None = None,
        menu: tuple[str, ...] = (),
        terms: dict[str, Floats] | None = None,
        odds: Floats | None = None,
        scale: str = "log odds",
    ) -> None:
        """Pass the reasons of these changes to the recorder; without ``odds``, the scenario's."""
        acts, recorder = (
            self._acts(replicate[mask], slot[mask], act, host_acts),
            self.model.recorder,
        )
        assert recorder
        if odds is None or chance_ is None or terms is None:
            recorder.given(self.model, acts, rule)
        else:
            recorder.add(
                self.model,
                acts,
                rule,
                chance_[mask],
                menu,
                {k: v[mask] for k, v in terms.items()},
                odds[mask],
                scale,
            )

    def table(self) -> Floats:
        """Stations of all cases so far, ``[station, column]``: the columns of ``CaseRows``."""
        return np.concatenate(self.rows) if self.rows else np.zeros((0, CaseRows.width()))

    def _settle(
        self, replicate: Ints, slot: Ints, status: CaseStatus, act: str, host_acts: bool
    ) -> None:
        world = self.model.world
        if not len(replicate):
            return
        world.case[replicate, slot] = status
        self.rows.append(
            CaseRows(
                replicate + self.model.first,
                slot,
                np.full(len(slot), self.model.day),
                np.full(len(slot), int(status)),
            ).matrix()
        )
        # one slot at a time: two cases of one pair on one day are two acts, one after the other
        for one in np.unique(slot):
            k = slot == one
            self.model.enact(self._acts(replicate[k], slot[k], act, host_acts))
