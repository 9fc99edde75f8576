"""The page that ``solara run`` serves: Mesa's SolaraViz and a board with both runs.

Text of a scenario is shown as plain text; HTML and Markdown in it are not rendered.
"""

from __future__ import annotations

import ctypes
import gc
import json
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from zlib import crc32

import solara
import solara.lab
from mesa.visualization import SolaraViz
from mesa.visualization.utils import update_counter

from sim.dashboard import GIVEN, defaults, pictures
from sim.dashboard.laboratory import NOTHING, Laboratory, Side
from sim.errors import InputError
from sim.inputs.scenario_file import load, shipped

SLIDERS = ("trust.kappa", "trust.negativity", "restoration.leader", "leader.writeoff")
"""Parameters with a slider on the page; on the command line every parameter can be edited."""
FACTORS = (0.0, 3.0, 0.05)
"""Lowest and highest factor of a parameter, and its step; 1 changes nothing."""
SHOWN = 14
"""Number of lines of the log that the page shows."""
LABORATORIES: dict[str, list[Laboratory]] = {}
"""The laboratories of every open page, by its kernel; Solara's registries keep them after it."""


@solara.lab.on_kernel_start
def opened() -> Callable[[], None]:
    """Called when a page opens; returns what is called when it has been closed for a while."""
    kernel = solara.get_kernel_id()

    def closed() -> None:
        for laboratory in LABORATORIES.pop(kernel, []):
            laboratory.release()
        gc.collect()
        _trim()

    return closed


def _trim() -> None:
    """Give freed memory back to the system; the C library of Linux keeps it otherwise."""
    if sys.platform == "linux":
        with suppress(AttributeError, OSError):
            ctypes.CDLL(None).malloc_trim(0)


def given() -> dict[str, Any]:
    """Settings of the page: those of the command line, else the defaults."""
    return {**defaults(), **json.loads(os.environ.get(GIVEN, "{}"))}


def sliders(case: str) -> dict[str, Any]:
    """Mesa's descriptions of the sliders, by parameter; a slider sets the factor, 0 to 3.

    The initial value is 1 plus a tiny amount that depends on the case: a slider that was moved is
    reset only if its initial value differs from the previous one.
    """
    low, high, step = FACTORS
    one = 1.0 + 1e-10 * (crc32(case.encode()) % 997)
    return {
        name.replace(".", "__"): {
            "type": "SliderFloat",
            "label": f"{name} ×",
            "value": one,
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


@solara.component
def Column(side: Side, name: str, day: int, horizon: int, follow: int) -> None:
    """Show one run: trust, level, region, third parties, acts with reasons.

    ``day`` makes Solara draw again: the side is the same object on every day.
    """
    with solara.Column(gap="4px"):
        text(side.title, "h2", **{"data-name": f"{name}-title", "style": "font-size:1.05rem"})
        picture(pictures.fan(side, horizon), f"{name}-fan", day)
        picture(pictures.ladder(side, horizon), f"{name}-ladder", day)
        picture(pictures.region(side), f"{name}-region", day)
        rows(
            "Third parties and this pair, share of replicates",
            ["third party", "stage"],
            [
                [who, ", ".join(f"{station} {share:.0%}" for station, share in told.items())]
                for who, told in side.third_parties()
            ],
            f"{name}-parties",
        )
        rows(
            f"Acts of replicate {follow}, newest first",
            ["date", "what", "why"],
            [
                [str(line.day), ("▲ " if line.ladder_acts else "") + line.what, line.why]
                for line in side.log[:SHOWN]
            ]
            or [["–", "no act yet", ""]],
            f"{name}-log",
        )


@solara.component
def Board(model: Laboratory) -> None:
    """Show both runs side by side, on narrow screens one below the other."""
    update_counter.get()
    solara.Style(STYLE)
    with solara.Column(style={"padding": "8px"}):
        text(model.case.title, "h1", **{"data-name": "title", "style": "font-size:1.3rem"})
        text(model.case.question, "p", **{"data-name": "question"})
        text(
            f"{model.today}, day {model.day} of {model.horizon}; "
            f"{model.sides[0].model.world.replicates} replicates"
            + ("; both runs use the same draws" if len(model.sides) > 1 else "")
            + ("" if model.running else "; the horizon is reached"),
            "p",
            **{"data-name": "day", "aria-live": "polite"},
        )
        with solara.ColumnsResponsive(12, large=12 if len(model.sides) == 1 else 6):
            for side, name in zip(model.sides, ("baseline", "whatif"), strict=False):
                Column(side, name, model.day, model.horizon, model.follow)


@solara.component
def Page() -> None:
    """Show the choice of scenario and what-if, and the case; the other controls are Mesa's."""
    first = given()
    scenario = solara.use_reactive(str(first["scenario"]))
    what_if = solara.use_reactive(str(first["what_if"] or NOTHING))
    follow = solara.use_reactive(0)
    most = int(first["replicates"]) - 1
    names = [*shipped(), *([first["scenario"]] if first["scenario"] not in shipped() else [])]
    case = solara.use_memo(lambda: load(scenario.value), [scenario.value])

    def choose(name: str) -> None:
        what_if.set(NOTHING)
        scenario.set(name)

    with solara.Sidebar(), solara.Card("Case"):
        solara.Select("scenario", values=names, value=scenario.value, on_value=choose)
        solara.Select("what-if", values=[NOTHING, *case.what_ifs], value=what_if)
        solara.SliderInt("replicate whose acts are shown", value=follow, min=0, max=most)
        text("Changes here and below take effect after Reset.", "small")
    chosen = what_if.value if what_if.value in case.what_ifs else NOTHING
    Case(scenario.value, chosen, most + 1, int(first["seed"]), follow).key(
        f"{scenario.value} / {chosen}"
    )


@solara.component
def Case(
    scenario: str, what_if: str, replicates: int, seed: int, follow: solara.Reactive[int]
) -> None:
    """Show one case: its laboratory and Mesa's controls."""

    class Chosen(Laboratory):
        """The laboratory of the chosen case; Mesa makes a new instance at every reset."""

        def __init__(self, **kwargs: Any) -> None:
            kwargs.pop("scenario", None)  # Mesa 3.5 hands over a scenario of its own kind
            super().__init__(scenario, what_if, replicates, seed, follow.value, **kwargs)
            LABORATORIES.setdefault(solara.get_kernel_id(), []).append(self)

    def build() -> Laboratory | InputError:
        try:
            return Chosen()
        except InputError as error:
            return error

    built = solara.use_memo(build, [])
    model = solara.use_reactive(built)
    if isinstance(built, InputError):
        text(str(built), "pre", **{"data-name": "fault"})
        return
    SolaraViz(
        model,
        components=[],
        model_params=sliders(f"{scenario} / {what_if}"),
        name="Détente",
        play_interval=100,
    )
    Board(model.value)
