"""The same equations as a textbook would write them: scalars, one country at a time, no tables.

One Mesa model per replicate, dictionaries of floats, Python's ``math``. It shares with the engine
the act table (data), the parameters, the scenario and the uniforms, and nothing else; third parties
are left out. It is the truth that the engine is tested against and the baseline of the benchmark.
"""

from __future__ import annotations

import math
from datetime import date, timedelta

import mesa

from sim.engine.falls import hazards, successors
from sim.inputs.countries import states
from sim.inputs.leaders import CENTRE, SPREAD, distance, handovers, leaning, terms
from sim.inputs.pairs import TIES, covered, rivals, standing_before, ties
from sim.inputs.parameters import share_table
from sim.inputs.scenario import (
    Announcement,
    AsylumRequest,
    ConditionalAct,
    HandoverShock,
    ScheduledAct,
)
from sim.law.acts import ACTS, INDEX

HALF = (1.0, 7.0, 30.0, 120.0, 365.0)
WORDS = ("mild", "severe", "cooperative")
NEVER = -1e9
AMB, CHARGE, NONE = 3, 1, 0
HOSTILE = [k for k, a in enumerate(ACTS) if a.share > 0 and a.act_class == 0]
MILD = [k for k in HOSTILE if ACTS[k].severity > -3]
SEVERE = [k for k in HOSTILE if ACTS[k].severity <= -3]
SHARES = share_table()
FRIENDLY = [k for k, a in enumerate(ACTS) if a.share > 0 and a.act_class == 1]
ANSWERS = (
    ("protest_note", "note"),
    ("staff_expelled", "expel_staff"),
    ("ambassador_recalled", "recall"),
    ("ambassador_withdrawn", "withdraw"),
    ("ambassador_expelled", "expel"),
    ("relations_severed", "sever"),
)
GIVEN_BACK = {
    ("expulsion", "ambassador_expelled"),
    ("staff", "staff_expelled"),
    ("step", "ambassador_recalled"),
    ("step", "ambassador_withdrawn"),
}


class Dyad:
    """All that sender i holds of target j."""

    def __init__(self):
        self.trust = 0.0
        self.baseline = 0.0
        self.target = 0.0
        self.memory = [[0.0] * 5 for _ in WORDS]
        self.rung, self.rung_day = 0, NEVER
        self.level, self.away, self.visa = AMB, False, False
        self.calming = self.lift = 0.0
        self.breach, self.breach_day, self.breach_act = "", NEVER, 0
        self.answered, self.went_on, self.amends_day = False, set(), NEVER


class ReferenceCountry(mesa.Agent):
    """One state of one replicate."""

    def __init__(self, model, code):
        super().__init__(model)
        self.code = code
        self.dyads = {}

    def choose(self):
        """At most one hostile and one cooperative act towards each other state."""
        found = []
        for other in self.model.codes:
            if other == self.code or not self.model.linked(self.code, other):
                continue
            for cls in (0, 1):
                u = self.model.uniform_act(self.code, other, cls)
                grade, low, high = self.model.drawn(self.code, other, cls, u)
                if grade is not None:
                    odds = self.model.odds(self.code, other, grade)
                    aim, total = (u - low) / (high - low) * sum(odds.values()), 0.0
                    for k, weight in odds.items():
                        total += weight
                        if total > aim:
                            if self.model.lawful(ACTS[k], self.code, other):
                                found.append((cls, self.code, other, k))
                            break
        return found


class ReferenceModel(mesa.Model):
    """One replicate of one scenario."""

    def __init__(self, scenario, parameters, streams, replicate, days=1.0, record=None):
        super().__init__(rng=0)
        self.case, self.streams, self.replicate, self.days = scenario, streams, replicate, days
        self.p = {n: float(v[0] if len(v) == 1 else v[replicate]) for n, v in parameters.items()}
        self.codes = list(scenario.states)
        self.size = max(scenario.roster, -(-len(self.codes) // 4) * 4)
        self.day, self.tick, self.replaying = float(scenario.record_from.toordinal()), 0, True
        self.guess = {
            c: min(
                1.0,
                max(
                    -1.0, CENTRE + SPREAD * streams.normal(f"leaning {c}", 0, replicate, 1, 1)[0, 0]
                ),
            )
            for c in self.codes
        }
        self.ideology = {
            c: self.guess[c] if (x := leaning(c, scenario.record_from)) is None else x
            for c in self.codes
        }
        measured = ties(self.codes, self.codes, scenario.information_date)
        self.ties = {
            (a, b): {name: float(measured[name][i, j]) for name in TIES}
            for i, a in enumerate(self.codes)
            for j, b in enumerate(self.codes)
        }
        self.leader_day = dict.fromkeys(self.codes, NEVER)
        self.severed, self.since = {}, {}
        self.countries = {c: ReferenceCountry(self, c) for c in self.codes}
        for a in self.codes:
            for b in self.codes:
                if a != b:
                    self.countries[a].dyads[b] = Dyad()
                    self.severed[a, b], self.since[a, b] = False, NEVER
        self.stand_as_in_2019()
        self.set_levels(record)
        self.set_baselines()
        self.memory_weights()
        for a, b in self.pairs():
            self.d(a, b).trust = self.d(a, b).baseline
            self.d(a, b).memory = [[self.longrun(g, a, b)] * 5 for g in range(3)]
        slots = (
            3
            + len(scenario.cases)
            + sum(isinstance(s, AsylumRequest) for s in scenario.shocks.values())
        )
        self.named = [
            *scenario.cases.values(),
            *(s for s in scenario.shocks.values() if isinstance(s, AsylumRequest)),
        ]
        self.cases = [None] * slots
        self.log = []
        self.disputes, self.declared = [], dict.fromkeys(self.codes, 0)
        self.falls = []
        self.dues = {}

    # ---- looking things up
    def d(self, a, b):
        return self.countries[a].dyads[b]

    def pairs(self):
        return [(a, b) for a in self.codes for b in self.codes if a != b]

    def linked(self, a, b):
        return a != b and a not in self.case.isolated and b not in self.case.isolated

    def stand_as_in_2019(self):
        for (a, b), (ladder, since) in standing_before(self.case.record_from).items():
            if a in self.codes and b in self.codes:
                self.d(a, b).level, self.d(b, a).level = (
                    int(ladder.own_level),
                    int(ladder.their_level),
                )
                self.severed[a, b] = self.severed[b, a] = ladder.severed
                self.since[a, b] = self.since[b, a] = since.toordinal()

    def uniform_act(self, a, b, cls):
        place = (self.codes.index(a) * self.size + self.codes.index(b)) * 2 + cls
        return float(self.words[place]) * 2.0**-32

    # ---- how often
    def activity(self, a, b):
        if not self.linked(a, b):
            return 0.0
        x, y = states()[a], states()[b]
        product = (x.gdp or 100.0) * (y.gdp or 100.0) / 100.0**2
        factor = product ** self.p["rates.activity_exponent"]
        return factor * (self.p["rates.border_factor"] if b in x.borders else 1.0)

    def longrun(self, grade, a, b):
        if grade == 2:
            return self.p["rates.cooperative_longrun"] * self.activity(a, b)
        return self.levels[a, b] * self.mix[grade]

    def set_levels(self, record):
        """Hostile acts a day: covariates, then the pair's own steps of the ladder, pooled."""
        p, first, last = self.p, self.case.record_from, self.case.information_date
        government = {c: leaning(c, last) for c in self.codes}
        low = {frozenset(pair) for pair in standing_before(first)}
        mean = {}
        for a, b in self.pairs():
            gap = distance(government[a], government[b])
            x, y = states()[a], states()[b]
            product = (x.gdp or 100.0) * (y.gdp or 100.0) / 100.0**2
            mean[a, b] = float(self.linked(a, b))
            mean[a, b] *= product ** p["levels.gdp"]
            mean[a, b] *= p["levels.border"] if b in x.borders else 1.0
            away = self.ties[a, b]["distance"] - math.log(3.0)
            mean[a, b] *= math.exp(p["levels.distance"] * away + self.estrangement(a, b, gap))
            mean[a, b] *= p["levels.reduced"] if frozenset((a, b)) in low else 1.0
        weights = {
            k: math.log(SHARES.get(ACTS[k].name, ACTS[k].share))
            + p["choice.military"] * (ACTS[k].speaker.name == "MILITARY")
            for k in HOSTILE
            if not {"severed", "visa"} & set(ACTS[k].needs) and not ACTS[k].ground
        }
        every = sum(math.exp(w) for w in weights.values())
        severe = sum(math.exp(w) for k, w in weights.items() if k in SEVERE) / every
        self.mix = (1 - severe, severe, 1.0)
        steps = {k for k in HOSTILE if ACTS[k].rung >= 5 and not ACTS[k].ground}
        share = sum(math.exp(w) for k, w in weights.items() if k in steps) / every
        events = record.between(first, last, self.codes) if record else []
        rate = p["rates.hostile_longrun"]
        if not events:
            self.levels = {pair: rate * m * p["levels.factor"] for pair, m in mean.items()}
            return
        half = p["levels.half_life"]
        count = dict.fromkeys(mean, 0.0)
        for e in events:
            if INDEX[e.act] in steps:
                count[e.sender, e.target] += 2 ** (-(last - e.day).days / half)
        told = {frozenset((e.sender, e.target)) for e in events}
        days = {}
        for a, b in mean:
            begun = first if frozenset((a, b)) in told else covered(a, b)
            span = 0 if begun is None else (last - max(begun, first)).days
            days[a, b] = (1 - 2 ** (-max(span, 0) / half)) * half / math.log(2)
        # covariates count for less where a record covers the pair
        held = [pair for pair, m in mean.items() if days[pair] > 0 and m]
        flat = {pair: mean[pair] ** p["levels.share"] for pair in held}
        lift = sum(mean[pair] for pair in held) / max(sum(flat.values()), 1e-300)
        mean |= {pair: flat[pair] * lift for pair in held}
        mean = {pair: rate * m for pair, m in mean.items()}
        expected = sum(m * days[pair] for pair, m in mean.items()) * share
        weight = p["levels.weight"]
        scale = (weight + sum(count.values())) / (weight + expected)
        k = p["levels.shape"]
        self.levels = {
            pair: self.pooled(k, count[pair], m * share * (scale if days[pair] else 1), days[pair])
            / share
            * p["levels.factor"]
            for pair, m in mean.items()
        }

    def pooled(self, shape, count, mean, days):
        return (shape + count) / (shape / mean + days) if mean else 0.0

    def estrangement(self, a, b, gap):
        """Log factor by which a pair falls out more often than one of reference."""
        tie, p = self.ties[a, b], self.p
        return (
            p["ties.rivalry"] * tie["rivalry"]
            + p["ties.ideal"] * (tie["ideal"] - 1.28)
            + p["ties.bodies"] * tie["bodies"]
            + p["ties.alliance"] * tie["alliance"]
            + p["ties.partner"] * tie["partner"]
            + p["ties.ideology"] * (gap - 0.8)
        )

    def share(self, grade, side, by, h):
        return self.p.get(f"rates.{WORDS[grade]}_{side}_{WORDS[by]}_{HALF[h]:g}", 0.0)

    def drawn(self, a, b, cls, u):
        """Grade of today's act, and the draws between which it lies; None if there is none."""
        rates = {g: self.rate(a, b, g) * self.days for g in ((0, 1), (2,))[cls]}
        graver = max(rates)
        first, every = (1 - math.exp(-x) for x in (rates[graver], sum(rates.values())))
        if u >= every:
            return None, 0.0, 0.0
        return (graver, 0.0, first) if u < first else (0, first, every)

    def rate(self, a, b, grade):
        """base exp(-+ b (trust - baseline)) + own and reply memories of every grade."""
        echo = excited = 0.0
        for side, d in (("own", self.d(a, b)), ("reply", self.d(b, a))):
            for by in range(3):
                for h in range(5):
                    share = self.share(grade, side, by, h)
                    echo += share
                    each = self.mix[grade] / self.mix[by]
                    if by == 2 and grade < 2:  # hostile acts for each cooperative one
                        each *= self.levels[a, b] / max(self.longrun(2, a, b), 1e-300)
                    excited += share * each * d.memory[by][h]
        mine = self.d(a, b)
        pull = (-1, -1, 1)[grade] * self.p[f"rates.{('hostile', 'cooperative')[grade == 2]}_trust"]
        base = self.longrun(grade, a, b) * (1 - echo)
        excited *= 1 - self.p["mediation.excitation"] * mine.calming
        return base * math.exp(pull * (mine.trust - mine.baseline)) + excited

    # ---- which act
    def standing(self, a, b):
        if self.severed[a, b]:
            return 3
        if min(self.d(a, b).level, self.d(b, a).level) < AMB:
            return 2
        return 1 if self.d(a, b).away or self.d(b, a).away else 0

    def standing_rung(self, a, b):
        return (0, 5, 7, 8)[self.standing(a, b)]

    def rung(self, a, b):
        d = self.d(a, b)
        return d.rung if self.day - d.rung_day <= self.p["choice.rung_window"] else 0

    def lawful(self, act, a, b):
        mine, theirs, broken = self.d(a, b), self.d(b, a), self.severed[a, b]
        for need in act.needs:
            if need == "relations" and broken:
                return False
            if need == "severed" and not broken:
                return False
            if need == "own_ambassador" and mine.level != AMB:
                return False
            if need == "own_ambassador_present" and (mine.level != AMB or mine.away):
                return False
            if need == "their_ambassador" and theirs.level != AMB:
                return False
            if need == "their_mission" and theirs.level == NONE:
                return False
            if need == "own_mission_reduced" and (broken or (mine.level == AMB and not mine.away)):
                return False
            if need == "their_charge" and (broken or theirs.level == AMB):
                return False
            if need == "visa" and not mine.visa:
                return False
            if need == "no_visa" and mine.visa:
                return False
        return True

    def utility(self, k, trust, own, reply, standing_rung):
        act, p = ACTS[k], self.p
        u = math.log(SHARES.get(act.name, act.share)) + p["choice.trust"] * act.severity * trust
        if act.act_class == 0:
            u += p["choice.rung"] * (math.exp(-abs(act.rung - own)) if own else 0.0)
            u += p["choice.reply"] * (math.exp(-abs(act.rung - reply)) if reply else 0.0)
            u += p["choice.climb"] * (act.rung == own + 1)
            u -= p["choice.jump_cost"] * max(0, act.rung - max(own, standing_rung) - 1)
            u += p["choice.legislature"] * (act.speaker.name == "LEGISLATURE")
            u += p["choice.military"] * (act.speaker.name == "MILITARY")
            u -= p["choice.lobby_cost"] * act.lobby
        return p["choice.inverse_temperature"] * u

    def grounded(self, act, a, b):
        if act.ground == "force":
            return b in states()[a].borders or frozenset((a, b)) in rivals()
        if act.ground == "dispute":
            return self.standing(a, b) >= 2 or max(self.rung(a, b), self.rung(b, a)) >= 4
        return True

    def odds(self, a, b, grade):
        at = (self.d(a, b).trust, self.rung(a, b), self.rung(b, a), self.standing_rung(a, b))
        found = {
            k: self.utility(k, *at)
            for k in (MILD, SEVERE, FRIENDLY)[grade]
            if not {"severed", "visa", "their_charge", "own_mission_reduced"} & set(ACTS[k].needs)
            and self.grounded(ACTS[k], a, b)
        }
        top = max(found.values())
        weights = {k: math.exp(u - top) for k, u in found.items()}
        total = sum(weights.values())
        return {k: w / total for k, w in weights.items()}

    def neutral_mix(self, grade, trust):
        free = [
            k
            for k in (MILD, SEVERE, FRIENDLY)[grade]
            if not {"severed", "visa", "their_charge", "own_mission_reduced"} & set(ACTS[k].needs)
        ]
        found = {k: math.exp(self.utility(k, trust, 0, 0, 0)) for k in free}
        total = sum(found.values())
        return {k: w / total for k, w in found.items()}

    def memory_weights(self):
        self.mark = {}
        for grade in range(3):
            mix = self.neutral_mix(grade, 0.0)
            mean = sum(
                q * abs(ACTS[k].severity) ** self.p["rates.mark_power"] for k, q in mix.items()
            )
            for k, act in enumerate(ACTS):
                if self.grade(act) == grade:
                    self.mark[k] = abs(act.severity) ** self.p["rates.mark_power"] / mean

    @staticmethod
    def grade(act):
        return 2 + int(act.act_class == 2) if act.act_class else int(act.severity <= -3)

    # ---- what moves trust
    def set_baselines(self):
        for a, b in self.pairs():
            gap = abs(self.ideology[a] - self.ideology[b])
            self.d(a, b).baseline = math.tanh(
                self.p["affinity.base"] - self.p["affinity.scale"] * self.estrangement(a, b, gap)
            )

    def impact_strength(self, severity, trust, premium):
        strength = self.p["trust.kappa"] * abs(severity)
        if severity < 0:
            strength *= (
                self.p["trust.negativity"]
                * premium
                * (1 + self.p["trust.betrayal"] * max(trust, 0.0))
            )
            return strength
        return strength * premium

    @staticmethod
    def trust_change(severity, trust, strength):
        share = 1 - math.exp(-strength)
        return -share * (1 + trust) if severity < 0 else share * (1 - trust)

    def enact(self, acts, void_unlawful=True, named=False):
        """A batch of simultaneous acts (sender, target, act); returns those that took effect."""
        acts = [(a, b, k) for a, b, k in acts if not void_unlawful or self.lawful(ACTS[k], a, b)]
        moves, ladder_acts = [], []
        for a, b, k in acts:
            severity, trust = ACTS[k].severity, self.d(b, a).trust
            skipped = max(0, ACTS[k].rung - max(self.rung(a, b), self.standing_rung(a, b)) - 1)
            premium = (
                1
                + self.p["trust.unjustified"] * (self.rung(b, a) == 0)
                + self.p["trust.skip"] * skipped
            )
            if severity >= 0:
                premium = self.p["trust.routine"] if ACTS[k].routine else 1.0
            strength = self.impact_strength(severity, trust, premium)
            moves.append((b, a, self.trust_change(severity, trust, strength)))
            if ACTS[k].rung >= 5 and ACTS[k].act_class == 0:
                ladder_acts.append((a, b, strength))
        for b, a, change in moves:
            self.d(b, a).trust += change
        for wanted in (0, 1):
            for a, b, k in acts:
                if ACTS[k].act_class == wanted:
                    self.remember(a, b, k)
        self.bystanders(ladder_acts)
        self.move_ladders(acts)
        for a, b, k in acts:
            self.note_breach(a, b, k, named)
        self.log += [(self.day, a, b, ACTS[k].name) for a, b, k in acts]
        return acts

    def remember(self, a, b, k):
        d, cls = self.d(a, b), int(ACTS[k].act_class)
        for h in range(5):
            span = 1.0 if self.replaying else self.days
            d.memory[self.grade(ACTS[k])][h] += (2 ** (span / HALF[h]) - 1) / span * self.mark[k]
        if cls == 0:
            d.rung, d.rung_day = ACTS[k].rung, self.day
        else:
            d.rung = max(d.rung - 1, 0)

    def bystanders(self, ladder_acts):
        felt = {}
        for a, b, strength in ladder_acts:
            for c in self.codes:
                if c not in (a, b):
                    felt[c, a] = felt.get((c, a), 0.0) + self.p["trust.observers"] * strength * max(
                        self.d(c, b).trust, 0.0
                    )
        for (c, a), strength in felt.items():
            self.d(c, a).trust += self.trust_change(-1, self.d(c, a).trust, strength)

    def move_ladders(self, acts):
        for a, b, k in sorted(
            acts, key=lambda x: (x[2], self.codes.index(x[0]) > self.codes.index(x[1]))
        ):
            mine, theirs, before = self.d(a, b), self.d(b, a), self.standing(a, b)
            for effect in ACTS[k].leads_to:
                if effect == "own_recall":
                    mine.away = mine.level == AMB
                elif effect == "own_charge":
                    mine.level, mine.away = min(mine.level, CHARGE), False
                elif effect == "their_charge":
                    theirs.level, theirs.away = min(theirs.level, CHARGE), False
                elif effect == "sever":
                    mine.level = theirs.level = NONE
                    mine.away = theirs.away = False
                    self.severed[a, b] = self.severed[b, a] = True
                elif effect == "own_return" and not self.severed[a, b]:
                    mine.level, mine.away = AMB, False
                elif effect == "their_return" and not self.severed[a, b]:
                    theirs.level, theirs.away = AMB, False
                elif effect == "restore" and self.severed[a, b]:
                    mine.level = theirs.level = CHARGE
                    self.severed[a, b] = self.severed[b, a] = False
                elif effect == "visa_on":
                    mine.visa = True
                elif effect == "visa_off":
                    mine.visa = False
            now = self.standing(a, b)
            if now not in (before, 0):
                self.since[a, b] = self.since[b, a] = self.day

    # ---- breaches and what follows
    def note_breach(self, a, b, k, named):
        act, mine, victim = ACTS[k], self.d(a, b), self.d(b, a)
        if act.rung >= 5 and act.act_class == 0 and mine.breach:
            mine.answered = True
        if act.name in ("apology", "concession", "safe_conduct_granted"):
            mine.amends_day = self.day
        if act.name == "leader_persona_non_grata":
            self.declared[a] += 1
        kind = act.breach
        if act.name == "critical_statement":
            kind = "statement" if named else ""
        if not kind:
            return
        fresh = victim.breach and self.day - victim.breach_day <= 30 and not victim.answered
        if fresh and self.breach_weight(kind) < self.breach_weight(victim.breach):
            return
        victim.breach, victim.breach_day, victim.breach_act = kind, self.day, k
        victim.answered, victim.went_on = False, set()
        if (b, a) not in self.disputes:
            self.disputes.append((b, a))

    def breach_weight(self, kind):
        return 0.0 if kind == "measure" else self.p[f"answers.{kind}"]

    def settle_record(self):
        """Some victims of breaches on record have yet to decide; others have decided on nothing."""
        self.disputes = [q for q in self.disputes if self.day - self.d(*q).breach_day < 120]
        words = self.streams.raw("quarrels", 0, self.replicate, 1, self.size**2 * 2)[0]
        for a, b in self.disputes:
            d = self.d(a, b)
            if d.answered:
                continue
            odds = dict(self.answer_odds(a, b))
            silent = odds[""] + odds["protest_note"]
            still = (1 - self.p["answers.first_day"]) * (1 - self.p["answers.later"]) ** (
                self.day - d.breach_day
            )
            place = (self.codes.index(a) * self.size + self.codes.index(b)) * 2
            if float(words[place]) * 2.0**-32 >= still / (still + (1 - still) * silent):
                d.answered = True

    def dispute(self):
        """Victims, their organs and third states act; an answer may be answered on the same day."""
        self.disputes = [q for q in self.disputes if self.day - self.d(*q).breach_day < 120]
        if not self.disputes:
            return
        own, third = (
            self.streams.raw(name, self.tick, self.replicate, 1, self.size**2 * 2)[0]
            for name in ("quarrels", "third states")
        )

        def u(words, a, b, part):
            place = (self.codes.index(a) * self.size + self.codes.index(b)) * 2 + part
            return float(words[place]) * 2.0**-32

        at = 0
        while at < len(self.disputes):
            a, b = self.disputes[at]
            crowd = self.codes if self.day - self.d(a, b).breach_day < 14 else []
            self.protest(a, b, u(third, a, b, 1))
            self.answer(a, b, u(own, a, b, 0))
            self.go_on(a, b, u(own, a, b, 1))
            for c in crowd:
                if c not in (a, b) and self.linked(c, b):
                    self.take_side(c, a, b, u(third, c, b, 0))
            at += 1

    def protest(self, a, b, u):
        d, age = self.d(a, b), self.day - self.d(a, b).breach_day
        today = self.p["answers.protest"]
        if age >= self.days:
            today = 1 - (1 - 0.5 * today) ** self.days if age < 4 else 0.0
        if "words" in d.went_on or u >= today:
            return
        d.went_on.add("words")
        share = u / today
        name = (
            "critical_statement"
            if share < 0.4
            else "ambassador_summoned"
            if share < 0.75
            else "rejection"
        )
        if not self.lawful(ACTS[INDEX[name]], a, b):
            name = "critical_statement"
        self.enact([(a, b, INDEX[name])])

    def answer(self, a, b, u):
        d, p, age = self.d(a, b), self.p, self.day - self.d(a, b).breach_day
        now = p["answers.first_day"]
        if age >= self.days:
            now = 1 - (1 - p["answers.later"]) ** self.days
        if d.answered or age > 30 or u >= now:
            return
        d.answered = True
        if d.breach == "measure":
            if u / now < p["answers.measure"] and self.lawful(ACTS[d.breach_act], a, b):
                self.enact([(a, b, d.breach_act)])
            return
        reached = 0.0
        for name, share in self.answer_odds(a, b):
            reached += share
            if reached > u / now:
                if name:
                    self.enact([(a, b, INDEX[name])])
                return

    def answer_odds(self, a, b):
        """Probability of each answer of a to b's last breach."""
        d, p = self.d(a, b), self.p
        gap, rung_now = abs(self.ideology[a] - self.ideology[b]), self.standing_rung(a, b)
        odds = [["", 1.0]]
        for name, key in ANSWERS:
            act = ACTS[INDEX[name]]
            step = act.rung / 9
            utility = (
                p[f"answers.{key}"]
                + self.breach_weight(d.breach) * step
                + p["answers.trust"] * act.severity * d.trust
                - p["answers.jump"] * max(0, act.rung - rung_now - 1)
                + p["answers.opposed"] * (gap - 0.5) * step
                + p["answers.quarrel"] * (rung_now > 0) * step
                + p["answers.in_kind"] * ((d.breach, name) in GIVEN_BACK)
            )
            if name == "relations_severed" and d.breach in ("premises", "force", "recognition"):
                utility += p["answers.grave"]
            odds.append([name, math.exp(utility)])
        total = sum(w for _, w in odds)
        for k in range(len(odds) - 1, 0, -1):
            if not self.lawful(ACTS[INDEX[odds[k][0]]], a, b):
                odds[k - 1][1] += odds[k][1]
                odds[k][1] = 0.0
        return [(name, weight / total) for name, weight in odds]

    def go_on(self, a, b, u):
        d = self.d(a, b)
        motion = self.p["others.legislature"] * (1 + self.declared[a])
        motion *= d.breach in ("insult", "statement") and "motion" not in d.went_on
        court = self.p["others.court"] * (d.breach in ("premises", "force"))
        court *= "court" not in d.went_on
        motion, court = (1 - math.exp(-h * self.days) for h in (motion, court))
        if u < motion:
            d.went_on.add("motion")
            self.enact([(a, b, INDEX["leader_persona_non_grata"])])
        elif u < motion + court:
            d.went_on.add("court")
            self.enact([(a, b, INDEX["icj_application"])])

    def take_side(self, c, a, b, u):
        p, kind = self.p, self.d(a, b).breach
        lean = (self.d(c, a).trust - self.d(c, b).trust) / 2
        lean += (
            abs(self.ideology[c] - self.ideology[b]) - abs(self.ideology[c] - self.ideology[a])
        ) / 2
        base = 0.0
        if kind in ("premises", "force"):
            base = p["others.third_bright"]
        elif kind in ("asylum", "expulsion", "recognition"):
            base = p["others.third"]
        today = 1 - math.exp(-base * math.exp(p["others.third_lean"] * lean) * self.days)
        if u >= today:
            return
        odds = []
        for name, custom in (
            ("critical_statement", 0.0),
            ("ambassador_recalled", p["others.third_recall"]),
            ("relations_severed", p["others.third_sever"]),
        ):
            act = ACTS[INDEX[name]]
            if name == "critical_statement" or self.lawful(act, c, b):
                odds.append((name, math.exp(custom + p["others.third_lean"] * lean * act.rung / 9)))
        total, reached = sum(w for _, w in odds), 0.0
        for name, weight in odds:
            reached += weight / total
            if reached > u / today:
                self.enact([(c, b, INDEX[name])], named=True)
                return

    def visas(self):
        for a, b in self.pairs():
            d = self.d(a, b)
            if not d.visa or self.severed[a, b]:
                continue
            early = self.day - d.rung_day < self.p["regimes.lobby_days"]
            hazard = self.p["regimes.lobby" if early else "regimes.lifted"]
            hazard *= math.exp(self.p["restoration.trust"] * d.trust)
            if 1 - self.uniform_act(a, b, 0) <= 1 - math.exp(-hazard * self.days):
                self.enact([(a, b, INDEX["visa_lifted"])])

    # ---- restoration
    def open_object(self, a, b):
        for case in self.cases:
            inside = case and case["status"] in ("granted", "deferred", "denied")
            if inside and {case["host"], case["land"]} == {a, b}:
                return 1.0
        for x, y in ((a, b), (b, a)):
            d = self.d(x, y)
            if (
                d.breach in ("premises", "force", "insult", "denial", "recognition", "rupture")
                and self.day - d.breach_day <= 1825
                and self.d(y, x).amends_day < d.breach_day
                and self.leader_day[y] < d.breach_day
            ):
                return 1.0
        return 0.0

    def restoration_terms(self, a, b):
        d = self.d(a, b)
        new = self.leader_newness((self.leader_day[a], self.leader_day[b]), self.since[a, b])
        close = 1 - abs(self.ideology[a] - self.ideology[b]) / 2
        days = max(self.day - self.since[a, b], 0.0)
        amends = max(d.amends_day, self.d(b, a).amends_day)
        return (
            new
            * (self.p["restoration.leader"] + self.p["restoration.closeness"] * (2 * close - 1)),
            self.p["restoration.third_party"] * d.lift,
            self.p["restoration.trust"] * (d.trust + self.d(b, a).trust) / 2,
            self.p["restoration.time"] * math.log((1 + days) / 366),
            -self.p["restoration.object"] * (self.open_object(a, b) - 0.3),
            self.p["restoration.amends"] * 2 ** (-max(self.day - amends, 0.0) / 180),
        )

    def accepted(self, a, b, u):
        """Acts of an offer of a to restore relations, and of b's answer."""
        terms = self.restoration_terms(a, b)
        odds = self.p["restoration.consent"] + 0.5 * (sum(terms) - terms[3])
        found = [(a, b, INDEX["restoration_offered"])]
        if u >= 1 / (1 + math.exp(-odds)):
            return [*found, (b, a, INDEX["restoration_refused"])]
        back = INDEX["relations_restored"]
        return [*found, (a, b, back), (b, a, back)]

    def leader_newness(self, leaders, since):
        half = self.p["restoration.leader_half_life"]
        return max((2 ** (-(self.day - day) / half) if day > since else 0.0) for day in leaders)

    def restorations(self):
        found = []
        for a, b in self.pairs():
            d = self.d(a, b)
            if not self.linked(a, b):
                continue
            if self.severed[a, b]:
                if self.codes.index(a) > self.codes.index(b):
                    continue
                base, act = self.p["restoration.severed"], ""
                base *= 1 + math.exp(-self.p["restoration.consent"])
            elif d.away:
                base, act = self.p["restoration.recalled"], "ambassador_returned"
            elif d.level < AMB:
                base, act = self.p["restoration.downgraded"], "ambassador_returned"
            else:
                continue
            log = sum(self.restoration_terms(a, b))
            p = 1 - math.exp(-base * math.exp(log) * self.days)
            left = 1 - self.uniform_act(a, b, 1)
            if left <= p and act:
                found.append((a, b, INDEX[act]))
            elif left <= p:
                rest = left / p * 2
                found += self.accepted(*((a, b) if rest < 1 else (b, a)), rest % 1.0)
        return found

    # ---- asylum
    def draw(self, name, width):
        return self.streams.uniform(name, self.tick, self.replicate, 1, width)[0]

    def asylum(self):
        p, days = self.p, self.days
        drawn = self.draw("asylum at random", 16)
        u = float(drawn[0])
        pairs = [ab for ab in self.pairs() if self.linked(*ab) and not self.refuge(*ab)]
        chance = 1 - math.exp(-p["asylum.request"] * len(pairs) * days)
        if pairs and u < chance:
            free = [
                s
                for s in range(len(self.named), len(self.cases))
                if self.cases[s] is None or self.cases[s]["status"] in "refused left raided"
            ]
            if free:
                host, land = pairs[min(int(u / chance * len(pairs)), len(pairs) - 1)]
                if self.d(host, land).level > NONE:
                    self.open_case(free[0], host, land, -self.ideology[land], self.day)
        names = [f"case {n}" for n in self.case.cases] + [
            f"request {n}" for n, s in self.case.shocks.items() if isinstance(s, AsylumRequest)
        ]
        u = [self.draw(f"asylum {name}", 5) for name in names] + list(drawn[1:].reshape(5, 3).T)
        self.host_decides(u)
        self.asylees_leave(u)

    def open_case(self, slot, host, land, camp, day):
        self.cases[slot] = {
            "status": "requested",
            "host": host,
            "land": land,
            "camp": camp,
            "day": day,
        }
        self.enact([(host, land, INDEX["asylum_requested"])])

    def settle(self, wanted):
        """(slot, new status, act, whether the host acts), slot by slot in each status."""
        for s, status, act, host_acts in wanted:
            case = self.cases[s]
            case["status"] = status
            a, b = (case["host"], case["land"]) if host_acts else (case["land"], case["host"])
            if status == "deferred":
                continue
            self.enact([(a, b, INDEX[act])])

    def refuge(self, a, b):
        """Whether the pair does not share the Latin American practice of asylum."""
        return not (states()[a].signed and states()[b].signed)

    def host_decides(self, u):
        yes, no = [], []
        for s, case in enumerate(self.cases):
            if case is None or case["status"] != "requested":
                continue
            close = 1 - abs(self.ideology[case["host"]] - case["camp"]) / 2
            grant = 1 / (
                1
                + math.exp(
                    -(
                        self.p["asylum.grant"]
                        + self.p["asylum.grant_affinity"] * (2 * close - 1)
                        + self.p["asylum.refuge_grant"] * self.refuge(case["land"], case["host"])
                    )
                )
            )
            fixed = getattr(self.named[s], "decision", "open") if s < len(self.named) else "open"
            decided = 1 - (1 - self.p["asylum.host_decides"]) ** self.days
            if self.day - case["day"] < self.days:
                decided = self.p["asylum.first_day"]
            if fixed != "open":
                grant, decided = float(fixed == "granted"), 1.0
            if u[s][0] < decided * grant:
                yes.append((s, "granted", "asylum_granted", True))
            elif u[s][0] < decided:
                no.append((s, "refused", "asylum_refused", True))
        self.settle(yes)
        self.settle(no)

    def asylees_leave(self, u):
        p, days = self.p, self.days
        todo = {"left": [], "raided": [], "denied": [], "deferred": []}
        for s, case in enumerate(self.cases):
            if case is None or case["status"] not in ("granted", "deferred", "denied"):
                continue
            land, host, age = case["land"], case["host"], self.day - case["day"]
            new = self.leader_newness((self.leader_day[land],), case["day"])
            broken, refuge = self.severed[land, host], self.refuge(land, host)
            hazard = (
                p["asylum.prompt"]
                if age < p["asylum.prompt_days"] and not broken and not refuge
                else p["asylum.late"]
                * math.exp(
                    p["asylum.late_leader"] * new
                    + p["restoration.third_party"] * self.d(land, host).lift
                )
            )
            caracas = states()[land].caracas and states()[host].caracas
            hazard *= math.exp(
                p["asylum.safe_trust"] * self.d(land, host).trust
                + p["asylum.caracas"] * caracas
                + p["asylum.after_rupture"] * broken
                + p["asylum.refuge"] * refuge
            )
            leave, deny = 1 - math.exp(-hazard * days), 1 - math.exp(-p["asylum.denial"] * days)
            raid = 1 - math.exp(-p["asylum.raid"] * days)
            if age < days and not refuge:
                leave = p["asylum.same_day"]
            fixed = self.named[s].safe_conduct if s < len(self.named) else "open"
            if fixed == "granted":
                leave, deny, raid = 1.0, 0.0, 0.0
            elif fixed == "denied":
                leave, deny, raid = 0.0, 1.0, 0.0
            if u[s][2] < leave:
                todo["left"].append((s, "left", "safe_conduct_granted", False))
            elif u[s][4] < raid:
                todo["raided"].append((s, "raided", "premises_raided", False))
            elif u[s][3] < deny and case["status"] != "denied":
                todo["denied"].append((s, "denied", "safe_conduct_denied", False))
            elif case["status"] == "granted" and age >= p["asylum.prompt_days"]:
                todo["deferred"].append((s, "deferred", "safe_conduct_deferred", False))
        for status in ("left", "raided", "denied", "deferred"):
            self.settle(todo[status])

    # ---- from outside
    def shocks(self):
        yesterday = self.day - self.days
        for name, shock in self.case.shocks.items():
            if not yesterday < shock.day.toordinal() <= self.day:
                continue
            if isinstance(shock, AsylumRequest):
                self.open_case(
                    next(s for s, c in enumerate(self.named) if c is shock),
                    shock.host,
                    shock.territorial,
                    shock.camp,
                    self.day,
                )
            elif isinstance(shock, ScheduledAct):
                self.scheduled(shock)
            elif isinstance(shock, Announcement):
                self.enact([(shock.sender, shock.target, INDEX["step_announced"])], named=True)
            elif isinstance(shock, HandoverShock):
                self.new_leader(shock.state, shock.ideology, shock.deviation, name)
        for due in self.due():
            if yesterday < due.day.toordinal() <= self.day:
                self.new_leader(due.country, due.ideology, due.deviation, str(due.day))

    def scheduled(self, shock):
        a, b = shock.sender, shock.target
        both = any(
            isinstance(s, ScheduledAct)
            and (s.sender, s.target, s.act, s.day) == (b, a, shock.act, shock.day)
            for s in self.case.shocks.values()
        )
        if shock.act != "relations_restored" or both:
            self.enact([(a, b, INDEX[shock.act])], named=True)
        elif self.severed[a, b]:
            words = self.streams.raw("quarrels", self.tick, self.replicate, 1, self.size**2 * 2)[0]
            place = (self.codes.index(b) * self.size + self.codes.index(a)) * 2
            self.enact(self.accepted(a, b, float(words[place]) * 2.0**-32))

    def conditionals(self):
        names = ("ambassadors", "recalled", "downgraded", "severed")
        for name, rule in self.case.shocks.items():
            if not isinstance(rule, ConditionalAct) or self.day < rule.day.toordinal():
                continue
            pair = self.case.focal[0] if rule.dyad is None else rule.dyad.split("-")
            if name not in self.dues and names[self.standing(*pair)] == rule.standing:
                self.dues[name] = self.day + rule.after_days
            if self.dues.get(name) is not None and self.day >= self.dues[name]:
                self.dues[name] = None
                self.enact([(rule.sender, rule.target, INDEX[rule.act])], named=True)

    def announced(self):
        rows = [s for s in self.case.shocks.values() if isinstance(s, Announcement)]
        if not rows:
            return
        u = self.draw("announced steps", len(rows))
        for k, row in enumerate(rows):
            first = row.day.toordinal()
            chance = row.chance
            if chance is None:
                chance = 1 / (1 + math.exp(-self.p["announced.carried_out"]))
            hazard = -math.log(1 - min(chance, 1 - 1e-9)) / row.within_days
            if not first < self.day <= first + row.within_days:
                continue
            if not self.lawful(ACTS[INDEX[row.act]], row.sender, row.target):
                continue
            if u[k] < 1 - math.exp(-hazard * self.days):
                self.enact([(row.sender, row.target, INDEX[row.act])])

    def governments_fall(self):
        while self.falls and self.falls[0][0] <= self.day:
            _, code, ideology = self.falls.pop(0)
            self.handover(code, ideology)

    def draw_falls(self):
        if not self.case.calendar or not self.p["leader.falls"]:
            return
        until = self.case.information_date
        rates = hazards(tuple(self.codes), until, self.p["leader.falls_pool"])
        for code, rate in zip(self.codes, rates, strict=True):
            if code in self.case.isolated:
                continue
            u = self.streams.uniform(f"fall {code}", 0, self.replicate, 1, 9)[0]
            known, day = successors(code, until), 0.0
            for k in range(3):
                day += -math.log1p(-u[k]) / (rate * self.p["leader.falls"])
                like = known[int(u[3 + k] * len(known))]
                shift = 0.15 * (2 * u[6 + k] - 1) * math.sqrt(3)
                ideology = min(1.0, max(-1.0, like + shift))
                self.falls.append((until.toordinal() + math.ceil(day), code, ideology))
        self.falls.sort(key=lambda fall: fall[0])

    def due(self):
        today = self.case.information_date
        found = [
            h
            for h in handovers()
            if self.case.calendar and h.country in self.codes and h.known_on <= today < h.day
        ]
        for shock in self.case.shocks.values():
            if isinstance(shock, HandoverShock):
                own = sorted(
                    (abs((h.day - shock.day).days), h.day, h)
                    for h in found
                    if h.country == shock.state
                )
                if own:
                    found.remove(own[0][2])
        return found

    def new_leader(self, code, ideology, deviation, name):
        if deviation > 0:
            z = float(self.streams.normal(f"leader {code} {name}", 0, self.replicate, 1, 1)[0, 0])
            ideology = min(1.0, max(-1.0, ideology + deviation * z))
        self.handover(code, ideology)

    def handover(self, code, ideology):
        self.ideology[code], self.leader_day[code] = ideology, self.day
        self.set_baselines()
        for other in self.codes:
            if other == code:
                continue
            close = 1 - abs(self.ideology[other] - ideology) / 2
            w = self.p["leader.closeness"]
            share = self.p["leader.writeoff"] * (1 - w + w * close)
            d = self.d(code, other)
            for grade in (0, 1):
                d.memory[grade] = [m * (1 - share) for m in d.memory[grade]]
        if not self.replaying:
            self.set_targets(code)

    def push(self, a, b):
        """Expected daily change of a's trust in b by routine acts of b on a."""
        level, total = self.d(a, b).baseline, 0.0
        window = self.p["choice.rung_window"]
        quiet = math.exp(-(self.longrun(0, b, a) + self.longrun(1, b, a)) * window)
        unprovoked = math.exp(-(self.longrun(0, a, b) + self.longrun(1, a, b)) * window)
        for grade in range(3):
            for k, q in self.neutral_mix(grade, level).items():
                leap = max(0, ACTS[k].rung - 1) if grade < 2 else 0
                premium = (
                    1
                    + self.p["trust.unjustified"] * unprovoked
                    + self.p["trust.skip"] * leap * quiet
                )
                if grade == 2:
                    premium = self.p["trust.routine"] if ACTS[k].routine else 1.0
                total += (
                    self.longrun(grade, b, a)
                    * q
                    * self.trust_change(
                        ACTS[k].severity,
                        level,
                        self.impact_strength(ACTS[k].severity, level, premium),
                    )
                )
        return total

    def set_targets(self, code=None):
        for a, b in self.pairs():
            if code is not None and code not in (a, b):
                continue
            d = self.d(a, b)
            if not self.linked(a, b):
                d.target = d.baseline
                continue
            push = self.push(a, b)
            sign = "positive" if push > 0 else "negative"
            lost = 1 - 2 ** (-1 / self.p[f"trust.half_life_{sign}"])
            d.target = min(1.0, max(-1.0, d.baseline - push / lost))
        for a, b in self.pairs():
            if not self.linked(a, b):
                self.d(a, b).target = self.d(a, b).baseline

    def let_go(self, days):
        """New governments write off old grievances of their own, a part of them in ``days``."""
        half, w = self.p["leader.writeoff_half_life"], self.p["leader.closeness"]
        today = self.day + days * self.replaying
        for a, b in self.pairs():
            d, age = self.d(a, b), today - self.leader_day[a]
            if not 0 < age <= 8 * half + days:
                continue
            close = 1 - abs(self.ideology[a] - self.ideology[b]) / 2
            share = self.p["leader.writeoff"] * (1 - w + w * close)
            part = 2 ** (-max(age - days, 0.0) / half) - 2 ** (-age / half)
            d.trust += (1 - (1 - share) ** part) * max(d.baseline - d.trust, 0.0)

    def pass_time(self, days):
        self.let_go(days)
        for a, b in self.pairs():
            d = self.d(a, b)
            target = d.baseline if self.replaying else d.target
            halves = [self.p["trust.half_life_negative"], self.p["trust.half_life_positive"]]
            half = max(halves) if d.trust < target else min(halves)
            d.trust = target + (d.trust - target) * 2 ** (-days / half)
            fade = 2 ** (-days / self.p["mediation.fade_half_life"])
            d.calming, d.lift = d.calming * fade, d.lift * fade
            for grade, memory in enumerate(d.memory):
                rest = self.longrun(grade, a, b) if self.replaying else 0.0
                d.memory[grade] = [
                    rest + (m - rest) * 2 ** (-days / HALF[h]) for h, m in enumerate(memory)
                ]

    # ---- history and projection
    def replay(self, record):
        first, last = self.case.record_from, self.case.information_date
        events = record.between(first, last, self.codes)
        changes = [
            t
            for c in self.codes
            for t in terms().get(c, ())
            if first < t.start <= last and not t.rotating
        ]
        focal = [set(pair) for pair in self.case.focal]
        eves = {e.day - timedelta(1) for e in events if {e.sender, e.target} in focal}
        every = (date(y, m, 1) for y in range(first.year, last.year + 1) for m in range(1, 13))
        more = {day for day in {*eves, *every} if first < day < last}
        for day in sorted({e.day for e in events} | {c.start for c in changes} | {last} | more):
            gap = day.toordinal() - self.day
            if gap > 0:
                self.pass_time(gap)
                self.day = float(day.toordinal())
            for change in changes:
                if change.start == day:
                    known = change.ideology is not None
                    lean = change.ideology if known else self.guess[change.country]
                    self.handover(change.country, lean)
            for e in (e for e in events if e.day == day):
                act = [(e.sender, e.target, INDEX[e.act])]
                self.enact(act, void_unlawful=False, named=True)
        self.pass_time(1.0)
        for a, b in self.pairs():
            for grade, memory in enumerate(self.d(a, b).memory):
                rest = self.longrun(grade, a, b)
                self.d(a, b).memory[grade] = [
                    rest
                    + (m - rest)
                    * (1 - 2 ** (-self.days / HALF[h]))
                    / ((1 - 2 ** (-1 / HALF[h])) * self.days)
                    for h, m in enumerate(memory)
                ]

    def begin(self):
        self.replaying = False
        self.set_targets()
        self.log.clear()
        self.settle_record()
        self.draw_falls()
        for s, case in enumerate(self.case.cases.values()):
            self.cases[s] = {
                "status": "granted",
                "host": case.host,
                "land": case.territorial,
                "camp": case.camp,
                "day": float(case.since.toordinal()),
            }

    def step(self):
        self.tick += 1
        self.day += self.days
        self.words = self.streams.raw("acts", self.tick, self.replicate, 1, self.size**2 * 2)[0]
        chosen = [act for c in self.countries.values() for act in c.choose()]
        chosen.sort(key=lambda x: x[0])
        restored = self.restorations()
        self.enact([act[1:] for act in chosen])
        self.enact(restored)
        self.visas()
        self.governments_fall()
        self.shocks()
        self.conditionals()
        self.announced()
        self.asylum()
        self.dispute()
        self.pass_time(self.days)

    def project(self, days):
        self.begin()
        for _ in range(round(days / self.days)):
            self.step()
