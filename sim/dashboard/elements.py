"""Elements of the page: text, pictures and tables as plain text, and the sliders of parameters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from zlib import crc32

import solara

from sim.inputs.parameters import parameter_table

SLIDERS = ("trust.kappa", "trust.negativity", "restoration.leader", "leader.writeoff")
"""Parameters with a slider on the page; on the command line every parameter can be edited."""
FACTORS = (0.0, 3.0, 0.05)
"""Lowest and highest factor of a parameter, and its step; 1 changes nothing."""


def sliders(case: str, factors: Mapping[str, float] | None = None) -> dict[str, Any]:
    """Mesa's descriptions of the sliders, by parameter; a slider sets the factor, 0 to 3.

    ``factors``: initial values by name, those of a link.

    The initial value is 1 plus a tiny amount that depends on the case: a slider that was moved is
    reset only if its initial value differs from the previous one.
    """
    low, high, step = FACTORS
    one = 1.0 + 1e-10 * (crc32(case.encode()) % 997)
    return {
        name.replace(".", "__"): {
            "type": "SliderFloat",
            "label": f"{name} {parameter_table()[name].value:.3g} ×",
            "value": (factors or {}).get(name.replace(".", "__"), one),
            "min": low,
            "max": high,
            "step": step,
        }
        for name in SLIDERS
    }


def text(words: str, tag: str = "span", **attributes: str) -> Any:
    """An HTML element with ``words`` as plain text."""
    return solara.v.Html(tag=tag, children=[words], attributes=attributes)


def picture(drawn: tuple[str, str], name: str, day: int) -> None:
    """Show a picture; ``drawn`` is its data address and its alternative text."""
    address, told = drawn
    solara.v.Html(
        tag="img",
        attributes={"src": address, "alt": told, "data-name": name, "data-day": str(day)},
        style_="width:100%;max-width:40rem;height:auto;display:block",
    )


def rows(caption: str, columns: list[str], lines: list[list[str]], name: str) -> None:
    """Show a table of plain text."""
    head = solara.v.Html(tag="tr", children=[text(c, "th", scope="col") for c in columns])
    body = [solara.v.Html(tag="tr", children=[text(cell, "td") for cell in line]) for line in lines]
    solara.v.Html(
        tag="div",
        style_="overflow-x:auto",
        children=[
            solara.v.Html(
                tag="table",
                attributes={"data-name": name},
                class_="detente",
                children=[
                    text(caption, "caption"),
                    solara.v.Html(tag="thead", children=[head]),
                    solara.v.Html(tag="tbody", children=body),
                ],
            )
        ],
    )


STYLE = """
table.detente { border-collapse: collapse; font-size: .85rem; margin: .4rem 0; }
table.detente th, table.detente td { text-align: left; vertical-align: top; padding: .15rem .5rem;
  border-bottom: 1px solid #bbb; }
.solara-content-main { padding-bottom: 3rem; }
@media (max-width: 600px) { .v-navigation-drawer { min-width: 0 !important;
  width: 80vw !important; max-width: 80vw !important; } }
table.detente caption { text-align: left; font-weight: 600; }
"""
