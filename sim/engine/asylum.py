"""Asylum cases: requests arrive, host states decide, territorial states respond and grant or
withhold safe-conduct."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.engine.case_register import FATES, CaseRegister
from sim.law.ladder_tables import ALLOWED, RUNG_OF_STANDING
from sim.law.vocabulary import CaseStatus, Level
from sim.rules import asylum
from sim.rules.activity import chance
from sim.rules.choice import pick
from sim.rules.restoration import leader_newness
from sim.world.arrays import SLOTS

if TYPE_CHECKING:
    pass

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
OVER = (CaseStatus.NONE, CaseStatus.REFUSED, CaseStatus.LEFT, CaseStatus.RAIDED)
"""Stations of a case that is over, or of an empty slot."""
INSIDE = (CaseStatus.GRANTED, CaseStatus.DEFERRED, CaseStatus.DENIED)
"""Stations of a case whose asylee is inside the mission."""
_OVER, _INSIDE = (np.isin(np.arange(len(CaseStatus)), some) for some in (OVER, INSIDE))
DECIDE, ANSWER, LEAVE, DENY, RAID = range(5)
SAFE_CONDUCT = ("safe_conduct_granted", "premises_raided", "safe_conduct_denied", "not today")
"""Possible results of a day for an asylee inside a mission, in the order of the draws."""


class AsylumCases(CaseRegister):
    """Asylum cases of one block of replicates.

    Slots in order: cases open on the information date, requests of the scenario, random requests.

    Attributes
    ----------
    decision, safe_conduct
        ``[slot]``, 0 to 3: code of ``FATES`` that the scenario sets.
    pairs
        ``[pair, 2]``, places in ``World.states``: host and territorial state of a random request.
    ceiling
        ``[3]``, 0 to 1: highest probability per tick of a safe-conduct, a denial, a raid.
    rows
        Arrays ``[case, 4]``, one row per change of station: replicate (in the ensemble), slot,
        day (ordinal), ``CaseStatus``.
    """

    def step(self) -> None:
        """Let one tick pass: random requests, decisions of hosts, responses, safe-conducts."""
        world, slots = self.model.world, self.model.world.case.shape[1]
        drawn = self.model.uniform("asylum at random", 1 + SLOTS * 5)
        self._arrivals(drawn[:, 0])
        if _OVER[world.case].all():
            return
        # one stream per named case: a further case changes no draws of the others
        u = np.empty((world.replicates, 5, slots))
        for slot, name in enumerate(self.names):
            u[:, :, slot] = self.model.uniform(f"asylum {name}", 5)
        u[:, :, len(self.names) :] = drawn[:, 1:].reshape(-1, 5, SLOTS)
        self._decide(u)
        self._answer(u)
        self._leave(u)

    def _arrivals(self, u: Floats) -> None:
        """Enter at most one random request per tick and replicate; the asylee's camp is opposite to
        the territorial state's government. ``u``: ``[replicate]``, 0 to 1."""
        model, world = self.model, self.model.world
        pairs = self.pairs
        if not len(pairs):
            return
        rate = np.broadcast_to(model.parameters["asylum.request"] * len(pairs), world.replicates)
        p = chance(rate, model.days)
        hit = np.flatnonzero(u < p)
        for r in hit:
            free = [
                s for s in range(world.named_slots, world.case.shape[1]) if world.case[r, s] in OVER
            ]
            if not free:
                continue
            host, territorial = pairs[min(int(u[r] / p[r] * len(pairs)), len(pairs) - 1)]
            if world.ladder[r, host, territorial] & 3 == Level.NONE:
                continue  # the host has no mission in the territorial state
            s = free[0]
            world.host[r, s], world.territorial[r, s] = host, territorial
            world.camp[r, s] = -world.ideology[r, territorial]
            world.case_day[r, s], world.case[r, s] = model.day, CaseStatus.REQUESTED
            world.answered[r, s] = False
            self._asked(np.array([r]), np.array([s]), "asylum: a random request")

    def _weights(self, replicate: Ints) -> dict[str, Floats]:
        names = {name: f"asylum.{name}" for name in asylum.WEIGHTS}
        names["third_party"] = "restoration.third_party"
        return {key: pick(self.model.parameters[name], replicate) for key, name in names.items()}

    def _decide(self, u: Floats) -> None:
        model, world = self.model, self.model.world
        replicate, slot = np.nonzero(world.case == CaseStatus.REQUESTED)
        if not len(replicate):
            return
        w = self._weights(replicate)
        closeness = (
            1
            - np.abs(
                world.ideology[replicate, world.host[replicate, slot]] - world.camp[replicate, slot]
            )
            / 2
        )
        grant = asylum.grant_chance(w, closeness)
        fixed = self.decision[slot]
        grant = np.where(
            fixed == FATES["granted"], 1.0, np.where(fixed == FATES["refused"], 0.0, grant)
        )
        decided = np.where(fixed > 0, 1.0, 1 - (1 - w["host_decides"]) ** model.days)
        draw = u[replicate, DECIDE, slot]
        yes = draw < decided * grant
        no = ~yes & (draw < decided)
        if model.recorder:
            terms = {
                k: np.broadcast_to(v, len(slot))
                for k, v in asylum.grant_terms(w, closeness).items()
            }
            for mask, act in ((yes, "asylum_granted"), (no, "asylum_refused")):
                self._tell(
                    mask & (fixed == 0),
                    replicate,
                    slot,
                    act,
                    True,
                    "asylum: decision of the host state",
                    decided,
                    ("asylum_granted", "asylum_refused"),
                    terms,
                    np.stack([grant, 1 - grant], axis=1),
                )
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
            acts = self._acts(
                rows[said],
                np.full(int(said.sum()), one),
                asylum.ANSWER_ACT[choice[said] - 1],
                host_acts=False,
            )
            if model.recorder:
                model.recorder.add(
                    model,
                    acts,
                    "asylum: answer of the territorial state",
                    p[now][said],
                    ("no answer", *asylum.ANSWERS),
                    {k: v[said] for k, v in asylum.answer_terms(*felt).items()},
                    odds[said],
                )
            model.enact(acts)

    def _speaks(self, replicate: Ints, slot: Ints) -> tuple[Any, ...]:
        """What speaks for or against a safe-conduct: the arguments of its hazard, ``[case]``."""
        model, world = self.model, self.model.world
        host, territorial = world.host[replicate, slot], world.territorial[replicate, slot]
        leader = world.leader_day[replicate, territorial]
        since = world.case_day[replicate, slot]
        newness = leader_newness(
            model.day,
            np.stack([leader, leader], axis=1),
            since,
            pick(model.parameters["restoration.leader_half_life"], replicate),
        )
        return (
            self._weights(replicate),
            model.day - since,
            world.trust[replicate, territorial, host],
            world.caracas[territorial, host],
            newness,
            world.lift[replicate, territorial, host],
        )

    def _leave(self, u: Floats) -> None:
        model, world = self.model, self.model.world
        inside = _INSIDE[world.case]
        late = (world.case == CaseStatus.GRANTED) & (
            model.day - world.case_day >= model.parameters["asylum.prompt_days"][:, None]
        )
        # on most days nothing happens: a draw above the ceiling is no event in any case
        stirs = late
        for which, top in zip((LEAVE, DENY, RAID), self.ceiling, strict=True):
            stirs = stirs | (u[:, which] < top)
        replicate, slot = np.nonzero(inside & (stirs | (self.safe_conduct > 0)))
        if not len(replicate):
            return
        speaks = self._speaks(replicate, slot)
        w, age = speaks[0], speaks[1]
        leave = chance(asylum.safe_conduct_hazard(*speaks), model.days)
        fixed, status = self.safe_conduct[slot], world.case[replicate, slot]
        leave = np.where(
            fixed == FATES["granted"], 1.0, np.where(fixed == FATES["denied"], 0.0, leave)
        )
        deny = np.where(
            fixed == FATES["denied"],
            1.0,
            np.where(fixed == 0, chance(w["denial"], model.days), 0.0),
        )
        gone = u[replicate, LEAVE, slot] < leave
        raided = ~gone & (u[replicate, RAID, slot] < chance(w["raid"], model.days)) & (fixed == 0)
        denied = ~gone & ~raided & (u[replicate, DENY, slot] < deny) & (status != CaseStatus.DENIED)
        later = (
            ~gone & ~raided & ~denied & (status == CaseStatus.GRANTED) & (age >= w["prompt_days"])
        )
        raid = chance(w["raid"], model.days)
        odds = terms = None
        if model.recorder:
            base = {"base": np.log(np.maximum(asylum.safe_conduct_base(w, age), 1e-300))}
            terms = {
                k: np.broadcast_to(v, len(slot))
                for k, v in (base | asylum.safe_conduct_terms(*speaks)).items()
            }
            stay = (1 - leave) * (1 - raid) * (1 - deny)
            odds = np.stack(np.broadcast_arrays(leave, raid, deny, stay), axis=1)
        for mask, to, act in (
            (gone, CaseStatus.LEFT, "safe_conduct_granted"),
            (raided, CaseStatus.RAIDED, "premises_raided"),
            (denied, CaseStatus.DENIED, "safe_conduct_denied"),
            (later, CaseStatus.DEFERRED, "safe_conduct_deferred"),
        ):
            if model.recorder:
                rule, sure = "asylum: decision on the safe-conduct", np.ones(len(slot))
                free = (SAFE_CONDUCT, terms, odds, "log hazard per day")
                self._tell(mask & (fixed == 0), replicate, slot, act, False, rule, sure, *free)
                self._tell(mask & (fixed > 0), replicate, slot, act, False)
            self._settle(replicate[mask], slot[mask], to, act, False)
