"""Every institution of the folder obeys the laws of third parties."""

from __future__ import annotations

from sim.institutions import catalogue
from tests.institutions.laws import InstitutionLaws

for name in catalogue():
    title = "".join(part.title() for part in name.split("_"))
    globals()[f"Test{title}"] = type(f"Test{title}", (InstitutionLaws,), {"name": name})
del name, title


def test_every_institution_is_held_to_the_laws():
    held = {
        kind.name
        for kind in globals().values()
        if isinstance(kind, type)
        and kind is not InstitutionLaws
        and issubclass(kind, InstitutionLaws)
    }
    assert held == set(catalogue())
