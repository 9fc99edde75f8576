"""Every institution of the folder obeys the laws of third parties."""

from __future__ import annotations

from pathlib import Path

import pytest

import sim.institutions
from sim.inputs.countries import states
from sim.institutions import catalogue
from sim.institutions._council import Council
from tests.institutions.laws import STATES, InstitutionLaws

FILES = {p.stem for p in Path(sim.institutions.__file__).parent.glob("[!_]*.py")} - {"base"}
STAND_IN = {"asean", "eu", "un_general_assembly"}
"""Bodies without a file share one class; these, one for each rule and scope, stand for all."""


def members(kind):
    """Five members of a body that votes; of one of the whole world, those of the other laws."""
    if not issubclass(kind, Council) or kind.WORLD:
        return STATES
    held = [
        code
        for code, row in states().items()
        if any(m.body == kind.MEMBERS and m.share == 1 for m in row.memberships)
    ]
    return STATES if set(STATES) <= set(held) else tuple(held[:5])


for name in sorted(FILES | STAND_IN):
    title = "".join(part.title() for part in name.split("_"))
    kind = catalogue()[name]
    more = {"offers": 1.0} if issubclass(kind, Council) and name != "oas" else {}
    globals()[f"Test{title}"] = type(
        f"Test{title}",
        (InstitutionLaws,),
        {"name": name, "states": members(kind), "quick": {**InstitutionLaws.quick, **more}},
    )
del name, title, kind, more


@pytest.mark.parametrize("name", catalogue())
def test_every_body_has_words_a_source_and_members(name):
    kind = catalogue()[name]
    assert kind.LABEL
    assert kind.TITLE
    assert kind.SOURCE
    if issubclass(kind, Council):
        assert (
            sum(any(m.body == kind.MEMBERS for m in row.memberships) for row in states().values())
            > 4
        )


def test_every_institution_is_held_to_the_laws():
    held = {
        kind.name
        for kind in globals().values()
        if isinstance(kind, type)
        and kind is not InstitutionLaws
        and issubclass(kind, InstitutionLaws)
    }
    assert held == FILES | STAND_IN
