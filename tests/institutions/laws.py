"""Laws that every third party obeys; ``test_laws.py`` holds every institution to them.

A test module of an institution of your own may inherit them:

    class TestSummit(InstitutionLaws):
        name = "summit"
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np
import pytest

from sim.engine.replay import replay
from sim.ensemble.simulate import simulate_block
from sim.inputs.record import Record
from sim.institutions import Institution, catalogue
from sim.law.acts import ACTS, INDEX
from sim.law.vocabulary import ThirdParty
from sim.world.rows import ActRows, OfferRows
from tests.conftest import LIVELY, NOBODY, model_of, spec_of, world

STATES = ("PER", "MEX", "COL", "CHL", "BRA")
OPENING = (
    "premises_raided",
    "relations_severed",
    "bloc_obstruction",
    "icj_application",
    "ambassador_withdrawn",
    "council_complaint",
)
"""Acts that open a dispute before one institution or another."""
OF_THIRD_PARTIES = np.array([act.third_party for act in ACTS])


def disputes(states: tuple[str, ...] = STATES) -> dict[str, dict[str, object]]:
    """Shocks that give every institution work: each opening act, on days of its own."""
    return {
        act: {
            "kind": "act",
            "day": f"2025-11-{4 + k:02d}",
            "sender": states[0],
            "target": states[1],
            "act": act,
        }
        for k, act in enumerate(OPENING)
    }


class InstitutionLaws:
    """Zero weight, too late, relabelling, consent."""

    name: ClassVar[str]
    states: ClassVar[tuple[str, ...]] = STATES
    quick: ClassVar[dict[str, object]] = {"enabled": True, "delay_days": 3.0}

    def run(self, settings, states=None, **more):
        """Arrays of some replicates in which this institution alone may work."""
        case = world(*(states or self.states), shocks=disputes(self.states), roster=8)
        bodies = NOBODY if settings is None else {**NOBODY, self.name: settings}
        options = {"replicates": 60, "horizon_days": 60, "seed": 3, **more}
        spec = spec_of(case, None, LIVELY, bodies, **options)
        return simulate_block(spec, 0, options["replicates"])

    def same_states(self, one, other):
        """Trust, ladders and acts of states are the same bytes."""
        for name in ("trust", "standing", "ladder_end"):
            assert one[name].tobytes() == other[name].tobytes(), name
        acts = [ActRows.of(arrays["acts"]) for arrays in (one, other)]
        acts = [
            rows.only((rows.sender >= 0) & (rows.target >= 0) & ~OF_THIRD_PARTIES[rows.act])
            for rows in acts
        ]
        assert np.array_equal(*(rows.matrix() for rows in acts))

    def test_it_has_words_and_a_source(self):
        kind = catalogue()[self.name]
        assert kind.LABEL
        assert kind.TITLE
        assert kind.SOURCE

    def test_zero_weight_is_no_institution(self):
        self.same_states(self.run({**self.quick, "weight": 0.0}), self.run(None))

    def test_too_late_is_no_institution(self):
        late = {
            key: 300.0
            for key in catalogue()[self.name].SETTINGS.model_fields
            if key.endswith("_days") and key != "working_days"
        }
        self.same_states(self.run({**self.quick, **late}), self.run(None))

    def test_it_works_when_it_is_due(self):
        """The other laws are not empty: with a short delay something is on its agenda."""
        case = world(*self.states, shocks=disputes(self.states), roster=8)
        model = model_of(case, LIVELY, 3, 40, institutions={**NOBODY, self.name: self.quick})
        replay(model, Record(()))
        model.project(40)
        (body,) = model.institutions
        assert (body.status != ThirdParty.IDLE).any()

    def test_an_offer_names_the_state_that_makes_it(self):
        """Every act of good offices by a state belongs to an offer in which that state speaks."""
        arrays = self.run(self.quick, replicates=300)
        acts, offers = ActRows.of(arrays["acts"]), OfferRows.of(arrays["offers"])
        made = acts.only((acts.act == INDEX["good_offices_offered"]) & (acts.sender >= 0))
        named = set(zip(offers.replicate, offers.day, offers.speaker, strict=True))
        for key in zip(made.replicate, made.day, made.sender, strict=True):
            assert key in named

    def test_the_order_of_the_states_does_not_matter(self):
        """Shares of replicates with an offer, with the states listed the other way round."""
        shares = []
        for states in (self.states, self.states[::-1]):
            offers = OfferRows.of(self.run(self.quick, states, replicates=300)["offers"])
            shares.append(len(np.unique(offers.replicate)) / 300)
        assert shares[0] == pytest.approx(shares[1], abs=0.15)

    def test_without_consent_nothing_changes(self):
        """If both sides refuse every offer, states do as they do without it."""
        case = world(*self.states, shocks=disputes(self.states), roster=8)
        never = {**LIVELY, "mediation.consent": -20.0, "mediation.consent_trust": 0.0}
        runs = []
        for bodies in ({**NOBODY, self.name: self.quick}, NOBODY):
            spec = spec_of(case, None, never, bodies, replicates=40, horizon_days=50, seed=4)
            runs.append(simulate_block(spec, 0, 40))
        offers = OfferRows.of(runs[0]["offers"])
        kind = catalogue()[self.name]
        if not kind.MEDIATES or (kind.offer is not Institution.offer and not len(offers)):
            pytest.skip("it asks for no consent")
        assert len(offers)
        assert not (offers.low_accepts & offers.high_accepts).any()
        self.same_states(*runs)
