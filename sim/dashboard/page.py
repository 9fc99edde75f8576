"""The page that ``solara run`` serves: Mesa's SolaraViz with a board of its own beside it.

Whatever a scenario says is shown as text: no HTML, no Markdown of anybody's is rendered.
"""

from __future__ import annotations

import json
import os
from typing import Any
from zlib import crc32

import solara
from mesa.visualization import SolaraViz
from mesa.visualization.utils import update_counter

from sim.dashboard import GIVEN, defaults, pictures
from sim.dashboard.laboratory import NOTHING, Laboratory, Side
from sim.errors import InputError
from sim.scenario import load, shipped

SLIDERS = ("trust.kappa", "trust.negativity", "restoration.leader", "leader.writeoff")
"""Parameters that can be moved on the page; the command line moves all of them."""
FACTORS = (0.0, 3.0, 0.05)
"""Lowest and highest factor of a parameter, and its step; 1 leaves it as it is."""
SHOWN = 14
"""Lines of the log on the page."""


def given() -> dict[str, Any]:
    """What the command line chose; without one, what its configuration file says."""
    return {**defaults(), **json.loads(os.environ.get(GIVEN, "{}"))}


def sliders(case: str) -> dict[str, Any]:
    """Mesa's description of the parameters that can be moved: by what each is multiplied.

    The value is 1 and a trifle that hangs on the case: a slider that was moved goes back only where
    its value is another one than before.
    """
    low, high, step = FACTORS
    one = 1.0 + 1e-10 * (crc32(case.encode()) % 997)
    return {name.replace(".", "__"): {"type": "SliderFloat", "label": f"{name} ×", "value": one,
                                      "min": low, "max": high, "step": step} for name in SLIDERS}


def text(words: str, tag: str = "span", **attributes: str) -> Any:
    """Words as text in an element."""
    return solara.v.Html(tag=tag, children=[words], attributes=attributes)


def picture(drawn: tuple[str, str], name: str, day: int) -> None:
    """A picture of a day with its words for those who do not see it."""
    address, told = drawn
    solara.v.Html(tag="img", attributes={"src": address, "alt": told, "data-name": name,
                                            "data-day": str(day)},
                  style_="width:100%;max-width:40rem;height:auto;display:block")


def rows(caption: str, columns: list[str], lines: list[list[str]], name: str) -> None:
    """A table of text."""
    head = solara.v.Html(tag="tr", children=[text(c, "th", scope="col") for c in columns])
    body = [solara.v.Html(tag="tr", children=[text(cell, "td") for cell in line])
            for line in lines]
    solara.v.Html(tag="div", style_="overflow-x:auto", children=[solara.v.Html(
        tag="table", attributes={"data-name": name}, class_="detente", children=[
            text(caption, "caption"), solara.v.Html(tag="thead", children=[head]),
            solara.v.Html(tag="tbody", children=body)])])


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
    """One world: where it stands, fans, ladder, region, third parties, acts with reasons.

    By ``day`` Solara knows that the side, the same object, has moved on.
    """
    with solara.Column(gap="4px"):
        text(side.title, "h2", **{"data-name": f"{name}-title", "style": "font-size:1.05rem"})
        picture(pictures.fan(side, horizon), f"{name}-fan", day)
        picture(pictures.ladder(side, horizon), f"{name}-ladder", day)
        picture(pictures.region(side), f"{name}-region", day)
        rows("Third parties on this pair, share of replicates", ["who", "at which station"],
             [[who, ", ".join(f"{station} {share:.0%}" for station, share in told.items())]
              for who, told in side.third_parties()], f"{name}-parties")
        rows(f"Acts of replicate {follow}, newest first", ["date", "what", "why"],
             [[str(line.day), ("▲ " if line.loud else "") + line.what, line.why]
              for line in side.log[:SHOWN]] or [["–", "nothing yet", ""]], f"{name}-log")


@solara.component
def Board(model: Laboratory) -> None:
    """Both worlds side by side; narrow screens have them one below the other."""
    update_counter.get()
    solara.Style(STYLE)
    with solara.Column(style={"padding": "8px"}):
        text(model.case.title, "h1", **{"data-name": "title", "style": "font-size:1.3rem"})
        text(model.case.question, "p", **{"data-name": "question"})
        text(f"{model.today}, day {model.day} of {model.horizon}; "
             f"{model.sides[0].model.world.replicates} replicates"
             + ("; both worlds on the same draws" if len(model.sides) > 1 else "")
             + ("" if model.running else "; the horizon is reached"), "p",
             **{"data-name": "day", "aria-live": "polite"})
        with solara.ColumnsResponsive(12, large=12 if len(model.sides) == 1 else 6):
            for side, name in zip(model.sides, ("baseline", "whatif"), strict=False):
                Column(side, name, model.day, model.horizon, model.follow)


@solara.component
def Page() -> None:
    """Choice of scenario and what-if; the rest is Mesa's: parameters, play, pause, step, reset."""
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
        solara.SliderInt("replicate whose acts are told", value=follow, min=0, max=most)
        text("What is moved here and below takes effect with Reset.", "small")
    chosen = what_if.value if what_if.value in case.what_ifs else NOTHING
    Case(scenario.value, chosen, most + 1, int(first["seed"]), follow).key(
        f"{scenario.value} / {chosen}")


@solara.component
def Case(scenario: str, what_if: str, replicates: int, seed: int,
         follow: solara.Reactive[int]) -> None:
    """One choice: a laboratory of its own, and Mesa's controls on it."""
    class Chosen(Laboratory):
        """The case that was chosen: Mesa makes a new one of this class at every reset."""

        def __init__(self, **kwargs: Any) -> None:
            kwargs.pop("scenario", None)  # Mesa 3.5 hands over a scenario of its own kind
            super().__init__(scenario, what_if, replicates, seed, follow.value, **kwargs)

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
    SolaraViz(model, components=[], model_params=sliders(f"{scenario} / {what_if}"),
              name="Détente", play_interval=100)
    Board(model.value)
