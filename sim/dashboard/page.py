"""The page that ``solara run`` serves: Mesa's SolaraViz and a board with both runs.

Text of a scenario is shown as plain text; HTML and Markdown in it are not rendered.
"""

from __future__ import annotations

import base64
import ctypes
import gc
import json
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import solara
import solara.lab
from mesa.visualization import SolaraViz
from mesa.visualization.utils import force_update, update_counter

from sim.dashboard import GIVEN, defaults, pictures
from sim.dashboard.elements import SLIDERS, STYLE, picture, rows, sliders, text
from sim.dashboard.laboratory import NEAR_ONE, NOTHING, WHERE, Laboratory
from sim.dashboard.link import PageState, state_of
from sim.dashboard.sides import Side
from sim.errors import InputError
from sim.inputs.parameters import parameter_table
from sim.inputs.scenario_file import load, shipped
from sim.law.acts import ACTS

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


@solara.component
def Column(side: Side, name: str, day: int, horizon: int, follow: int, pair: str) -> None:
    """Show one run: trust, level, region, third parties, acts with reasons.

    ``day`` makes Solara draw again: the side is the same object on every day. ``pair``: whose
    trust is shown.
    """
    dyad = dyad_of(side, pair)
    with solara.Column(gap="4px"):
        text(side.title, "h2", **{"data-name": f"{name}-title", "style": "font-size:1.05rem"})
        drawn = pictures.fan(side, horizon, dyad)
        picture(drawn, f"{name}-fan", day)
        picture(pictures.histogram(side, dyad), f"{name}-histogram", day)
        picture(pictures.ladder(side, horizon), f"{name}-ladder", day)
        picture(pictures.region(side), f"{name}-region", day)
        with solara.Row():
            solara.FileDownload(
                lambda: pictures.table(side, dyad), f"{name}-trust.csv", "table (CSV)"
            )
            solara.FileDownload(
                base64.b64decode(drawn[0].partition(",")[2]), f"{name}-trust.png", "picture (PNG)"
            )
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


def dyad_of(side: Side, pair: str) -> tuple[int, int]:
    """The states of a pair as places; the first focal pair if it is none of this run."""
    states = list(side.model.world.states)
    codes = pair.split("-")
    if len(codes) == 2 and codes[0] != codes[1] and set(codes) <= set(states):
        return states.index(codes[0]), states.index(codes[1])
    return side.pair


@solara.component
def Controls(model: Laboratory, show: Callable[[], None], pair: solara.Reactive[str]) -> None:
    """Show the controls of a running case: jump, an act, whose trust is shown."""
    update_counter.get()
    states = list(model.sides[0].model.world.states)
    day = solara.use_reactive(30)
    sender, target = (solara.use_reactive(code) for code in model.case.focal[0])
    act = solara.use_reactive("conciliatory_statement")
    where = solara.use_reactive("both" if len(model.sides) > 1 else "base")
    fault = solara.use_reactive("")

    def jump(until: int) -> None:
        model.go_to(until)
        show()

    def inject() -> None:
        tomorrow = model.today + timedelta(days=1)
        try:
            model.add(f"{where.value} {tomorrow} {sender.value}>{target.value} {act.value}")
            fault.set("")
        except InputError as error:
            fault.set(error.message())
        show()

    with solara.Card("Go on"), solara.Row(style={"flex-wrap": "wrap"}):
        solara.InputInt("day", value=day)
        solara.Button("go to day", on_click=lambda: jump(int(day.value or 0)))
        solara.Button("to the end", on_click=lambda: jump(model.horizon))
    with solara.Card("An act tomorrow"), solara.Row(style={"flex-wrap": "wrap"}):
        solara.Select("sender", values=states, value=sender)
        solara.Select("target", values=states, value=target)
        solara.Select("act", values=[a.name for a in ACTS if not a.third_party], value=act)
        if len(model.sides) > 1:
            solara.Select("in", values=list(WHERE), value=where)
        solara.Button("add the act", on_click=inject)
    if fault.value:
        text(fault.value, "pre", **{"data-name": "act-fault"})
    if model.acts:
        rows("Acts that you added", ["where and what"], [[a] for a in model.acts], "added")
    pairs = [f"{a}-{b}" for k, a in enumerate(states) for b in states[k + 1 :]]
    focal = "-".join(model.case.focal[0])
    solara.Select(
        "trust of the pair", values=[focal, *(p for p in pairs if p != focal)], value=pair
    )


@solara.component
def Board(
    model: Laboratory, scenario: str, what_if: str, pair: solara.Reactive[str], factors: Any
) -> None:
    """Show both runs side by side, on narrow screens one below the other."""
    update_counter.get()
    solara.Style(STYLE)
    names = [*SLIDERS]
    told = {name: model.values.get(name) for name in names}
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
        values = "; ".join(f"{name} {value_of(name, told[name])}" for name in names)
        text(f"Parameters: {values}", "p", **{"data-name": "values"})
        with solara.Sidebar():
            Controls(model, force_update, pair)
        state = PageState(
            scenario,
            "" if what_if == NOTHING else what_if,
            model.day,
            model.follow,
            pair.value,
            factors,
            tuple(model.acts),
        )
        solara.v.Html(
            tag="a",
            children=["link to this state"],
            attributes={"href": f"?{state.query()}", "data-name": "link"},
        )
        with solara.ColumnsResponsive(12, large=12 if len(model.sides) == 1 else 6):
            for side, name in zip(model.sides, ("baseline", "whatif"), strict=False):
                Column(side, name, model.day, model.horizon, model.follow, pair.value)


def value_of(name: str, edited: float | None) -> str:
    """A parameter's value in this run: the edited one, or the shipped one with its prior."""
    row = parameter_table()[name]
    return f"{row.value:.3g} (drawn)" if edited is None else f"{edited:.3g} (fixed)"


@solara.component
def Page() -> None:
    """Show the choice of scenario and what-if, and the case; the other controls are Mesa's."""
    first = given()
    router = solara.use_router()
    link = solara.use_memo(lambda: state_of(router.search), [])
    known = [*shipped(), *([first["scenario"]] if first["scenario"] not in shipped() else [])]
    begun = link.scenario if link.scenario in known else str(first["scenario"])
    scenario = solara.use_reactive(begun)
    what_if = solara.use_reactive(link.what_if or str(first["what_if"] or NOTHING))
    most = int(first["replicates"]) - 1
    follow = solara.use_reactive(min(link.follow, most))
    case = solara.use_memo(lambda: load(scenario.value), [scenario.value])

    def choose(name: str) -> None:
        what_if.set(NOTHING)
        scenario.set(name)

    with solara.Sidebar(), solara.Card("Case"):
        solara.Select("scenario", values=known, value=scenario.value, on_value=choose)
        solara.Select("what-if", values=[NOTHING, *case.what_ifs], value=what_if)
        solara.SliderInt("replicate whose acts are shown", value=follow, min=0, max=most)
        text("Changes here and below take effect after Reset.", "small")
    chosen = what_if.value if what_if.value in case.what_ifs else NOTHING
    linked = (scenario.value, chosen) == (begun, link.what_if or NOTHING)
    start = link if linked else PageState()
    Case(scenario.value, chosen, most + 1, int(first["seed"]), follow, start).key(
        f"{scenario.value} / {chosen}"
    )


@solara.component
def Case(
    scenario: str,
    what_if: str,
    replicates: int,
    seed: int,
    follow: solara.Reactive[int],
    start: PageState,
) -> None:
    """Show one case: its laboratory and Mesa's controls; ``start``: where a link begins."""
    factors = {name: value for name, value in start.factors.items() if name in sliders("")}
    used = solara.use_ref(dict(factors))

    class Chosen(Laboratory):
        """The laboratory of the chosen case; Mesa makes a new instance at every reset."""

        def __init__(self, **kwargs: Any) -> None:
            kwargs.pop("scenario", None)  # Mesa 3.5 hands over a scenario of its own kind
            moved = {name: value for name, value in kwargs.items() if abs(value - 1) > NEAR_ONE}
            used.current = moved
            super().__init__(scenario, what_if, replicates, seed, follow.value, **kwargs)
            LABORATORIES.setdefault(solara.get_kernel_id(), []).append(self)

    def build() -> Laboratory | InputError:
        try:
            made = Chosen(**factors)
            for act in start.acts:
                made.add(act)
            made.go_to(start.day)
        except InputError as error:
            return error
        return made

    built = solara.use_memo(build, [])
    model = solara.use_reactive(built)
    pair = solara.use_reactive(start.dyad)
    if isinstance(built, InputError):
        text(str(built), "pre", **{"data-name": "fault"})
        return
    if not pair.value:
        pair.set("-".join(built.case.focal[0]))
    SolaraViz(
        model,
        components=[],
        model_params=sliders(f"{scenario} / {what_if}", factors),
        name="Détente",
        play_interval=100,
    )
    Board(model.value, scenario, what_if, pair, used.current)
