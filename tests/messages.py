"""Every text that figures, pages and the first screen may show, and so must have a translation."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from sim.inputs.countries import episode_counts, states
from sim.inputs.scenario_file import load, shipped
from sim.institutions import catalogue
from sim.law.acts import ACTS
from sim.law.vocabulary import TURNS, Standing
from sim.outcomes.estimative_words import SCALES
from sim.outcomes.restoration_needs import ACTS_BEFORE, WAYS
from sim.outcomes.run_view import NO_CRISIS
from sim.outcomes.words import _COUNTS, STANDINGS, STATIONS
from sim.report.brief import CAUSES
from sim.studies.bulletin import CHANCE, RISK

ROOT = Path(__file__).parent.parent
BLOCKS = {"Section": (1,), "Table": (0, 1), "Text": (0,), "Fold": (0,)}
"""Calls whose constant texts a page translates when it is rendered."""


def literals() -> set[str]:
    """Texts in calls of ``tr``, and constant titles, captions and columns of pages."""
    found: set[str] = set()
    for path in sorted((ROOT / "sim").rglob("*.py")):
        report = "report" in path.parts
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            name = node.func.id
            if name == "tr" and node.args and isinstance(node.args[0], ast.Constant):
                found.add(node.args[0].value)
            if report and name in BLOCKS:
                for place in BLOCKS[name]:
                    part = node.args[place] if place < len(node.args) else None
                    parts = part.elts if isinstance(part, ast.List) else [part]
                    found |= {
                        one.value
                        for one in parts
                        if isinstance(one, ast.Constant) and isinstance(one.value, str)
                    }
    for path in (ROOT / "sim" / "report" / "templates").glob("*.j2"):
        text = path.read_text(encoding="utf-8")
        found |= set(re.findall(r'\{\{ "((?:[^"\\]|\\.)*)" \| tr', text))
    for path in (ROOT / "sim" / "figures").rglob("[!_]*.py"):  # captions of the report's figures
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            own = isinstance(node, ast.keyword) and node.arg == "caption"
            if own and isinstance(node.value, ast.Constant):
                found.add(node.value.value)
    return {text for text in found if re.search("[A-Za-z]{2}", re.sub(r"\{[^}]*\}", "", text))}


def vocabulary() -> set[str]:
    """Words of the model that are shown: acts, levels, turns, stations, parties, states."""
    found = {act.sentence for act in ACTS} | {act.label for act in ACTS}
    found |= {s.label for s in Standing} | set(TURNS.values()) | set(STATIONS.values())
    found |= set(CAUSES.values()) | set(WAYS.values()) | set(ACTS_BEFORE.values())
    found |= {body.LABEL for body in catalogue().values()}
    found |= {state.name for state in states().values()}
    found |= {RISK, CHANCE, NO_CRISIS, "nothing of these", "better", "worse", "unchanged"}
    found |= {"contained: ambassadors stay", "contained: the ambassador stays recalled"}
    found |= {"contained: no step down from chargé d'affaires", "stays severed"}
    found |= {"further turns", "no ambassador at post", "high", "medium", "low", "other paths"}
    found |= {"Most likely to be drawn in by the crisis: {state}, {mean} ({low} to {high})."}
    found |= {"Third parties and asylum", "who", "offered", "accepted by both", "vote", "what-if"}
    found |= {"on another path", "no change", "no significant difference", "total"}
    found |= {*STANDINGS.values(), *_COUNTS.values()}
    found |= {"drawn from their priors", "fixed", "yes", "no"}
    for row in episode_counts("asylum"):
        found |= {row["what"], row["source"].partition(";")[0]}
    found |= {word for scale in SCALES.values() for _, word in scale}
    for kind in ("severance", "downgrade"):
        found |= {f"{kind}s outside war, {where}" for where in ("Latin America", "world")}
    for name in shipped():
        case = load(name)
        found |= {case.title, case.question, *(w.title for w in case.what_ifs.values())}
    return found


def messages() -> list[str]:
    """All of them, sorted."""
    return sorted(literals() | vocabulary())
