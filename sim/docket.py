"""The docket of asylum: requests arrive, hosts decide, territorial states answer and let go."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.actions import INDEX
from sim.acts import Acts
from sim.codebook import CaseStatus, Level
from sim.rules import asylum
from sim.rules.policy import chance, pick
from sim.rules.relations import ALLOWED, RUNG_OF_STANDING, fresh
from sim.scenario import AsylumRequest, OpenCase
from sim.world import SLOTS

if TYPE_CHECKING:
    from sim.model import Diplomacy

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
OVER = (CaseStatus.NONE, CaseStatus.REFUSED, CaseStatus.LEFT, CaseStatus.RAIDED)
INSIDE = (CaseStatus.GRANTED, CaseStatus.DEFERRED, CaseStatus.DENIED)
_OVER, _INSIDE = (np.isin(np.arange(len(CaseStatus)), some) for some in (OVER, INSIDE))
DECIDE, ANSWER, LEAVE, DENY, RAID = range(5)
SAFE_CONDUCT = ("safe_conduct_granted", "premises_raided", "safe_conduct_denied", "not today")
"""What may come of an open case on a day, in the order in which it is drawn."""
FATES = {"open": 0, "granted": 1, "refused": 2, "denied": 3}


class Docket:
    """Cases of asylum of one block; slot order: open cases, scenario requests, random ones."""

    def __init__(self, model: Diplomacy) -> None:
        self.model = model
        world, scenario = model.world, model.brief
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
            f"request {name}" for name, shock in scenario.shocks.items()
            if isinstance(shock, AsylumRequest)]
        self.pairs = np.argwhere(world.linked)
        # asylum_decision rows: replicate, slot, day, status; kept for the consequences table
        top = {name[7:]: value.max() for name, value in model.parameters.items()
               if name.startswith("asylum.")}
        third = model.parameters["restoration.third_party"].max()
        pace = max(top["prompt"], top["late"] * np.exp(top["late_leader"] + third))
        self.ceiling = chance(np.array([pace * np.exp(top["safe_trust"] + top["caracas"]),
                                        top["denial"], top["raid"]]), model.days)
        self.rows: list[NDArray[np.float64]] = []

    def open_cases(self) -> None:
        """Put the cases that stood open at the information date on the docket."""
        for case in self.model.brief.cases.values():
            self._enter(self.slot[id(case)], case.host, case.territorial, case.camp,
                        case.since.toordinal(), CaseStatus.GRANTED)
            self.model.world.answered[:, self.slot[id(case)]] = True

    def request(self, shock: AsylumRequest) -> None:
        """A request of the scenario arrives today."""
        model = self.model
        self._enter(self.slot[id(shock)], shock.host, shock.territorial, shock.camp, model.day,
                    CaseStatus.REQUESTED)
        every = np.arange(model.world.replicates)
        self._asked(every, np.full(len(every), self.slot[id(shock)]),
                    "the scenario: asked on this day")

    def _asked(self, replicate: Ints, slot: Ints, why: str) -> None:
        acts = self._acts(replicate, slot, "asylum_requested", host_acts=True)
        if self.model.witness:
            self.model.witness.given(self.model, acts, why)
        self.model.enact(acts)

    def _enter(self, slot: int, host: str, territorial: str, camp: float, day: float,
               status: CaseStatus) -> None:
        world = self.model.world
        world.host[:, slot] = world.states.index(host)
        world.territorial[:, slot] = world.states.index(territorial)
        world.camp[:, slot], world.case_day[:, slot] = camp, day
        world.case[:, slot] = status
        world.answered[:, slot] = False

    def _acts(self, replicate: Ints, slot: Ints, act: str | NDArray[np.int16],
              host_acts: bool) -> Acts:
        world = self.model.world
        host = world.host[replicate, slot].astype(np.intp)
        territorial = world.territorial[replicate, slot].astype(np.intp)
        index = np.full(len(replicate), INDEX[act]) if isinstance(act, str) else act.astype(np.intp)
        return (Acts(replicate, host, territorial, index) if host_acts
                else Acts(replicate, territorial, host, index))

    def _tell(self, mask: NDArray[np.bool_], replicate: Ints, slot: Ints, act: str,
              host_acts: bool, rule: str = "the scenario: decided", chance_: Floats | None = None,
              menu: tuple[str, ...] = (), terms: dict[str, Floats] | None = None,
              odds: Floats | None = None, scale: str = "log odds") -> None:
        """Tell the witness why these cases moved; without ``odds`` because the scenario says so."""
        acts, witness = self._acts(replicate[mask], slot[mask], act, host_acts), self.model.witness
        assert witness
        if odds is None or chance_ is None or terms is None:
            witness.given(self.model, acts, rule)
        else:
            witness.heard(self.model, acts, rule, chance_[mask], menu,
                          {k: v[mask] for k, v in terms.items()}, odds[mask], scale)

    def _settle(self, replicate: Ints, slot: Ints, status: CaseStatus, act: str,
                host_acts: bool) -> None:
        world = self.model.world
        if not len(replicate):
            return
        world.case[replicate, slot] = status
        self.rows.append(np.stack([replicate + self.model.first, slot,
                                   np.full(len(slot), self.model.day),
                                   np.full(len(slot), int(status))]).T)
        # one slot at a time: two cases of one pair on one day are two acts in turn
        for one in np.unique(slot):
            k = slot == one
            self.model.enact(self._acts(replicate[k], slot[k], act, host_acts))

    def step(self) -> None:
        """Move every case on by a tick."""
        world, slots = self.model.world, self.model.world.case.shape[1]
        drawn = self.model.uniform("asylum at random", 1 + SLOTS * 5)
        self._arrivals(drawn[:, 0])
        if _OVER[world.case].all():
            return
        # a stream for each named case: one more case changes no other's draws
        u = np.empty((world.replicates, 5, slots))
        for slot, name in enumerate(self.names):
            u[:, :, slot] = self.model.uniform(f"asylum {name}", 5)
        u[:, :, len(self.names):] = drawn[:, 1:].reshape(-1, 5, SLOTS)
        self._decide(u)
        self._answer(u)
        self._leave(u)

    def _arrivals(self, u: Floats) -> None:
        """At most one request at random a tick and world, from the opposition of the day."""
        model, world = self.model, self.model.world
        pairs = self.pairs
        if not len(pairs):
            return
        rate = np.broadcast_to(model.parameters["asylum.request"] * len(pairs), world.replicates)
        p = chance(rate, model.days)
        hit = np.flatnonzero(u < p)
        for r in hit:
            free = [s for s in range(world.named_slots, world.case.shape[1])
                    if world.case[r, s] in OVER]
            if not free:
                continue
            host, territorial = pairs[min(int(u[r] / p[r] * len(pairs)), len(pairs) - 1)]
            if world.ladder[r, host, territorial] & 3 == Level.NONE:
                continue  # no mission, no door to knock at
            s = free[0]
            world.host[r, s], world.territorial[r, s] = host, territorial
            world.camp[r, s] = -world.ideology[r, territorial]
            world.case_day[r, s], world.case[r, s] = model.day, CaseStatus.REQUESTED
            world.answered[r, s] = False
            self._asked(np.array([r]), np.array([s]), "asylum: a request at random")

    def _weights(self, replicate: Ints) -> dict[str, Floats]:
        found = {name[7:]: pick(value, replicate) for name, value in self.model.parameters.items()
                 if name.startswith("asylum.")}
        return found | {"third_party": pick(self.model.parameters["restoration.third_party"],
                                            replicate)}

    def _decide(self, u: Floats) -> None:
        model, world = self.model, self.model.world
        replicate, slot = np.nonzero(world.case == CaseStatus.REQUESTED)
        if not len(replicate):
            return
        w = self._weights(replicate)
        closeness = 1 - np.abs(world.ideology[replicate, world.host[replicate, slot]]
                               - world.camp[replicate, slot]) / 2
        grant = asylum.grant_chance(w, closeness)
        fixed = self.decision[slot]
        grant = np.where(fixed == FATES["granted"], 1.0,
                         np.where(fixed == FATES["refused"], 0.0, grant))
        decided = np.where(fixed > 0, 1.0, 1 - (1 - w["host_decides"]) ** model.days)
        draw = u[replicate, DECIDE, slot]
        yes = draw < decided * grant
        no = ~yes & (draw < decided)
        if model.witness:
            terms = {k: np.broadcast_to(v, len(slot)) for k, v in asylum.grant_terms(
                w, closeness).items()}
            for mask, act in ((yes, "asylum_granted"), (no, "asylum_refused")):
                self._tell(mask & (fixed == 0), replicate, slot, act, True,
                           "asylum: the host decides", decided,
                           ("asylum_granted", "asylum_refused"), terms,
                           np.stack([grant, 1 - grant], axis=1))
                self._tell(mask & (fixed > 0), replicate, slot, act, True)
        self._settle(replicate[yes], slot[yes], CaseStatus.GRANTED, "asylum_granted", True)
        self._settle(replicate[no], slot[no], CaseStatus.REFUSED, "asylum_refused", True)

    def _answer(self, u: Floats) -> None:
        model, world = self.model, self.model.world
        replicate, slot = np.nonzero(_INSIDE[world.case] & ~world.answered)
        for one in np.unique(slot):
            rows = replicate[slot == one]
            draw = u[rows, ANSWER, one]
            p = np.broadcast_to(1 - (1 - self._weights(rows)["answers"]) ** model.days, len(rows))
            now = draw < p
            rows, draw = rows[now], draw[now] / p[now]
            host, territorial = world.host[rows, one], world.territorial[rows, one]
            code = world.ladder[rows, territorial, host]
            lawful = ALLOWED[code][:, asylum.ANSWER_ACT]
            felt = self._weights(rows), world.trust[rows, territorial, host], RUNG_OF_STANDING[code]
            odds = asylum.answer_odds(*felt, lawful)
            choice = (odds.cumsum(axis=1) > draw[:, None]).argmax(axis=1)
            world.answered[rows, one] = True
            said = choice > 0
            acts = self._acts(rows[said], np.full(int(said.sum()), one),
                              asylum.ANSWER_ACT[choice[said] - 1], host_acts=False)
            if model.witness:
                model.witness.heard(
                    model, acts, "asylum: the territorial state answers", p[now][said],
                    ("no answer", *asylum.ANSWERS),
                    {k: v[said] for k, v in asylum.answer_terms(*felt).items()}, odds[said])
            model.enact(acts)

    def _leave(self, u: Floats) -> None:
        model, world = self.model, self.model.world
        inside = _INSIDE[world.case]
        late = (world.case == CaseStatus.GRANTED) & (
            model.day - world.case_day >= model.parameters["asylum.prompt_days"][:, None])
        # most days nothing stirs: a draw above the highest chance any case can have is no event
        stirs = late
        for which, top in zip((LEAVE, DENY, RAID), self.ceiling, strict=True):
            stirs = stirs | (u[:, which] < top)
        replicate, slot = np.nonzero(inside & (stirs | (self.safe_conduct > 0)))
        if not len(replicate):
            return
        w = self._weights(replicate)
        host, territorial = world.host[replicate, slot], world.territorial[replicate, slot]
        age = model.day - world.case_day[replicate, slot]
        leader = world.leader_day[replicate, territorial]
        freshness = fresh(model.day, np.stack([leader, leader], axis=1),
                          world.case_day[replicate, slot],
                          pick(model.parameters["restoration.leader_half_life"], replicate))
        speaks = (w, age, world.trust[replicate, territorial, host],
                  world.caracas[territorial, host], freshness,
                  world.lift[replicate, territorial, host])
        leave = chance(asylum.safe_conduct_hazard(*speaks), model.days)
        fixed, status = self.safe_conduct[slot], world.case[replicate, slot]
        leave = np.where(fixed == FATES["granted"], 1.0,
                         np.where(fixed == FATES["denied"], 0.0, leave))
        deny = np.where(fixed == FATES["denied"], 1.0,
                        np.where(fixed == 0, chance(w["denial"], model.days), 0.0))
        gone = u[replicate, LEAVE, slot] < leave
        raided = ~gone & (u[replicate, RAID, slot] < chance(w["raid"], model.days)) & (fixed == 0)
        denied = (~gone & ~raided & (u[replicate, DENY, slot] < deny)
                  & (status != CaseStatus.DENIED))
        later = (~gone & ~raided & ~denied & (status == CaseStatus.GRANTED)
                 & (age >= w["prompt_days"]))
        raid = chance(w["raid"], model.days)
        if model.witness:
            base, named = asylum.safe_conduct_base(w, age), asylum.safe_conduct_terms(*speaks)
            terms = {k: np.broadcast_to(v, len(slot)) for k, v in (
                {"base": np.log(np.maximum(base, 1e-300))} | named).items()}
            stay = (1 - leave) * (1 - raid) * (1 - deny)
            odds = np.stack(np.broadcast_arrays(leave, raid, deny, stay), axis=1)
        for mask, to, act in ((gone, CaseStatus.LEFT, "safe_conduct_granted"),
                              (raided, CaseStatus.RAIDED, "premises_raided"),
                              (denied, CaseStatus.DENIED, "safe_conduct_denied"),
                              (later, CaseStatus.DEFERRED, "safe_conduct_deferred")):
            if model.witness:
                self._tell(mask & (fixed == 0), replicate, slot, act, False,
                           "asylum: the safe-conduct, day by day", np.ones(len(slot)),
                           SAFE_CONDUCT, terms, odds, "log hazard a day")
                self._tell(mask & (fixed > 0), replicate, slot, act, False)
            self._settle(replicate[mask], slot[mask], to, act, False)
