"""Protocol rulings: what the ladder makes of a step, each with its article or precedent."""

from __future__ import annotations

from itertools import pairwise

import pytest

from sim.law.acts import ACTS, INDEX
from sim.law.ladder import FULL, Ladder, after, decode, encode, standing, unmet
from sim.law.vocabulary import Level, Standing

A, C, N = Level.AMBASSADOR, Level.CHARGE_D_AFFAIRES, Level.NONE
FULLY = Ladder()
AWAY = Ladder(own_recalled=True)
THEIRS_AWAY = Ladder(their_recalled=True)
OWN_CHARGE = Ladder(own_level=C)
THEIR_CHARGE = Ladder(their_level=C)
CHARGES = Ladder(own_level=C, their_level=C)
BROKEN = Ladder(own_level=N, their_level=N, severed=True)
VISA = Ladder(visa=True)

# number, ruling, from, act, lawful, to (None: unchanged), article or precedent
RULINGS = [
    (1, "recall from full relations", FULLY, "ambassador_recalled", True, AWAY, "practice"),
    (2, "recall while recalled is void", AWAY, "ambassador_recalled", False, None, "practice"),
    (
        3,
        "recall leaves the other side's ambassador",
        THEIRS_AWAY,
        "ambassador_recalled",
        True,
        Ladder(own_recalled=True, their_recalled=True),
        "Nicaragua 2021",
    ),
    (4, "no ambassador, no recall", OWN_CHARGE, "ambassador_recalled", False, None, "VCDR 14"),
    (5, "no recall after a rupture", BROKEN, "ambassador_recalled", False, None, "VCDR 2"),
    (
        6,
        "withdrawal leaves a chargé d'affaires",
        FULLY,
        "ambassador_withdrawn",
        True,
        OWN_CHARGE,
        "Peru 2023-02-24",
    ),
    (
        7,
        "withdrawal of a recalled ambassador",
        AWAY,
        "ambassador_withdrawn",
        True,
        OWN_CHARGE,
        "Peru 2023: in consultations since December",
    ),
    (8, "nobody to withdraw", CHARGES, "ambassador_withdrawn", False, None, "VCDR 14"),
    (
        9,
        "withdrawal keeps the target's ambassador",
        FULLY,
        "ambassador_withdrawn",
        True,
        OWN_CHARGE,
        "Mexico 2023-02-25 kept its level",
    ),
    (
        10,
        "persona non grata ends the ambassador's mission",
        FULLY,
        "ambassador_expelled",
        True,
        THEIR_CHARGE,
        "VCDR 9; Peru 2022-12-20",
    ),
    (
        11,
        "an ambassador who is away can be declared unwelcome",
        THEIRS_AWAY,
        "ambassador_expelled",
        True,
        THEIR_CHARGE,
        "VCDR 9: before arrival too",
    ),
    (
        12,
        "an ambassador who is not there cannot be expelled",
        THEIR_CHARGE,
        "ambassador_expelled",
        False,
        None,
        "VCDR 9",
    ),
    (
        13,
        "expulsion after a rupture is void",
        BROKEN,
        "ambassador_expelled",
        False,
        None,
        "VCDR 2, 9",
    ),
    (
        14,
        "expulsion does not touch the own mission",
        AWAY,
        "ambassador_expelled",
        True,
        Ladder(own_recalled=True, their_level=C),
        "VCDR 47: reciprocity is an act of its own",
    ),
    (
        15,
        "staff can be expelled below the ambassador",
        CHARGES,
        "staff_expelled",
        True,
        None,
        "VCDR 9; Bolivia 2019",
    ),
    (
        16,
        "no staff left to expel after a rupture",
        BROKEN,
        "staff_expelled",
        False,
        None,
        "VCDR 44, 45",
    ),
    (
        17,
        "an envoy declared unwelcome leaves the level",
        FULLY,
        "envoy_persona_non_grata",
        True,
        None,
        "VCDR 9",
    ),
    (
        18,
        "a leader cannot be persona non grata in law",
        FULLY,
        "leader_persona_non_grata",
        True,
        None,
        "VCDR 9 is for members of a mission; Peru 2023-05-25",
    ),
    (
        19,
        "a legislature's motion changes no level",
        CHARGES,
        "legislature_motion",
        True,
        None,
        "Peru 2023-05-22",
    ),
    (
        20,
        "rupture removes both heads of mission",
        FULLY,
        "relations_severed",
        True,
        BROKEN,
        "VCDR 2, 45",
    ),
    (
        21,
        "rupture from chargé level",
        CHARGES,
        "relations_severed",
        True,
        BROKEN,
        "Peru 2025-11-03",
    ),
    (22, "rupture while recalled", AWAY, "relations_severed", True, BROKEN, "VCDR 45"),
    (
        23,
        "what is severed cannot be severed again",
        BROKEN,
        "relations_severed",
        False,
        None,
        "VCDR 2",
    ),
    (
        24,
        "rupture keeps the visa regime",
        VISA,
        "relations_severed",
        True,
        BROKEN._replace(visa=True),
        "VCCR 2(3): consular relations go on",
    ),
    (
        25,
        "restoration starts with chargés d'affaires",
        BROKEN,
        "relations_restored",
        True,
        CHARGES,
        "Ecuador and Colombia 2009",
    ),
    (
        26,
        "nothing to restore where nothing is severed",
        CHARGES,
        "relations_restored",
        False,
        None,
        "VCDR 2",
    ),
    (
        27,
        "a recalled ambassador returns",
        AWAY,
        "ambassador_returned",
        True,
        FULLY,
        "Venezuela 2024-11-14",
    ),
    (
        28,
        "a new ambassador follows a chargé",
        OWN_CHARGE,
        "ambassador_returned",
        True,
        FULLY,
        "Spain 2024-10-29",
    ),
    (
        29,
        "return only of the sender's own",
        CHARGES,
        "ambassador_returned",
        True,
        THEIR_CHARGE,
        "Mexico 2021-01-27",
    ),
    (30, "no return while severed", BROKEN, "ambassador_returned", False, None, "VCDR 2"),
    (31, "no return of one who is there", FULLY, "ambassador_returned", False, None, "practice"),
    (
        32,
        "agrément lets the target's ambassador come",
        THEIR_CHARGE,
        "agrement_granted",
        True,
        FULLY,
        "VCDR 4",
    ),
    (33, "no agrément where the post is filled", FULLY, "agrement_granted", False, None, "VCDR 4"),
    (34, "no agrément while severed", BROKEN, "agrement_granted", False, None, "VCDR 2, 4"),
    (
        35,
        "a note needs relations",
        BROKEN,
        "protest_note",
        False,
        None,
        "VCDR 45: through the protecting power",
    ),
    (
        36,
        "an ambassador is summoned, or his chargé",
        THEIR_CHARGE,
        "ambassador_summoned",
        True,
        None,
        "VCDR 19",
    ),
    (37, "nobody to summon after a rupture", BROKEN, "ambassador_summoned", False, None, "VCDR 45"),
    (
        38,
        "statements are free after a rupture",
        BROKEN,
        "critical_statement",
        True,
        None,
        "practice",
    ),
    (
        39,
        "a visa duty is introduced once",
        VISA,
        "visa_requirement",
        False,
        None,
        "Mexico 2024-05-06",
    ),
    (
        40,
        "a visa duty is lifted by who made it",
        VISA,
        "visa_lifted",
        True,
        FULLY,
        "Peru 2024-04-11",
    ),
    (41, "no visa duty, nothing to lift", FULLY, "visa_lifted", False, None, "practice"),
    (
        42,
        "the other side's visa duty is not ours to lift",
        Ladder(their_visa=True),
        "visa_lifted",
        False,
        None,
        "practice",
    ),
    (
        43,
        "asylum granted leaves the ladder",
        CHARGES,
        "asylum_granted",
        True,
        None,
        "Caracas 1954 I, XX",
    ),
    (
        44,
        "asylum granted and safe-conduct refused",
        FULLY,
        "safe_conduct_denied",
        True,
        None,
        "Caracas 1954 XII; Ecuador 2023",
    ),
    (
        45,
        "asylees may leave after a rupture",
        BROKEN,
        "safe_conduct_granted",
        True,
        None,
        "Caracas 1954 XIX",
    ),
    (
        46,
        "a raid is off the ladder and lowers nothing by itself",
        CHARGES,
        "premises_raided",
        True,
        None,
        "VCDR 22; Quito 2024: Mexico broke off, not the raid",
    ),
    (
        47,
        "an application to the Court needs no relations",
        BROKEN,
        "icj_application",
        True,
        None,
        "ICJ Statute 36; Mexico v. Ecuador",
    ),
    (48, "agreements need relations", BROKEN, "agreement", False, None, "practice"),
    (49, "an apology does not", BROKEN, "apology", True, None, "practice"),
    (
        50,
        "good offices are offered to severed states too",
        BROKEN,
        "good_offices_offered",
        True,
        None,
        "OAS Charter 85",
    ),
    (
        51,
        "a protecting power is named after a rupture",
        BROKEN,
        "protecting_power_named",
        True,
        None,
        "VCDR 45; Switzerland 2024",
    ),
]


@pytest.mark.parametrize(
    ("number", "ruling", "start", "act", "lawful", "end", "source"),
    RULINGS,
    ids=[f"{row[0]:02d} {row[1]}" for row in RULINGS],
)
def test_ruling(number, ruling, start, act, lawful, end, source):
    row = ACTS[INDEX[act]]
    assert (not unmet(row, start)) == lawful, ruling
    if lawful:
        assert after(row, start) == (end or start)
    else:
        assert end is None
    assert source


def test_there_are_forty_rulings_each_once():
    assert len({row[0] for row in RULINGS}) == len(RULINGS) >= 40


def test_a_handover_during_a_rupture_restores_nothing_by_itself():
    """Restoration is an act of its own, whoever governs (39 of 51 followed a new leader)."""
    import numpy as np

    from sim.ensemble.simulate import simulate
    from tests.conftest import NOBODY, spec_of, world

    shocks = {
        "break": {
            "kind": "act",
            "day": "2025-11-04",
            "sender": "URY",
            "target": "CHL",
            "act": "relations_severed",
        },
        "new": {"kind": "handover", "day": "2025-11-06", "state": "URY", "ideology": -0.6},
    }
    fixed = {
        "restoration.severed": 0.0,
        "rates.hostile_longrun": 0.0,
        "asylum.request": 0.0,
        "rates.cooperative_longrun": 0.0,
    }
    spec = spec_of(world("URY", "CHL", shocks=shocks), parameters=fixed, institutions=NOBODY)
    assert np.all(simulate(spec)["standing"][2:] == Standing.SEVERED)


def test_a_new_leader_makes_restoration_likelier():
    from sim.ensemble.simulate import simulate
    from tests.conftest import NOBODY, spec_of, world

    broken = {
        "kind": "act",
        "day": "2025-11-04",
        "sender": "URY",
        "target": "CHL",
        "act": "relations_severed",
    }
    new = {"kind": "handover", "day": "2025-11-06", "state": "URY", "ideology": -0.6}
    shares = [
        (
            simulate(
                spec_of(
                    world("URY", "CHL", shocks=shocks),
                    institutions=NOBODY,
                    replicates=400,
                    horizon_days=365,
                )
            )["standing"][-1]
            == Standing.SEVERED
        ).mean()
        for shocks in ({"break": broken}, {"break": broken, "new": new})
    ]
    assert shares[1] < shares[0] - 0.1


def test_codes_round_trip_and_mirror():
    for code in range(512):
        state = decode(code)
        assert encode(state) == code
        assert state.mirrored().mirrored() == state
        assert standing(state) == standing(state.mirrored())


def test_severity_is_monotone_along_the_ladder():
    hostile = [act for act in ACTS if act.share > 0 and act.act_class == 0]
    ranked = sorted(hostile, key=lambda act: act.rung)
    for low, high in pairwise(ranked):
        assert low.rung == high.rung or abs(low.severity) <= abs(high.severity)
    assert encode(FULLY) == FULL
