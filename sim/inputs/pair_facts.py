"""What is known of a state or a pair, and what is not, in words for readers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sim.inputs.countries import Membership, name_of, state
from sim.inputs.leaders import Term, handovers, in_office
from sim.inputs.pairs import (
    covered,
    ideal_point,
    kilometres,
    pair_rows,
    partners,
    rivals,
    ruptures,
    standing_before,
)
from sim.inputs.record import Record, standing_of
from sim.inputs.world_tables import NO_EDITS, Edits, rows
from sim.law.ladder import standing
from sim.law.vocabulary import Standing

Facts = list[tuple[str, str, str]]
"""What it is, what is known, where it is from."""
UNKNOWN = "not known"
CONTIGUITY = {
    "1": "land",
    "2": "12 miles of water",
    "3": "24 miles of water",
    "4": "150 miles of water",
    "5": "400 miles of water",
}
MISSIONS = {
    "": "embassy",
    "*": "de facto embassy",
    "+": "interests section",
    "~": "consulates only",
}
SOURCES = {
    "gdp": "World Bank or Factbook; see seeds/world/manifest.yaml",
    "leader": "REIGN 2021-03, the Factbook, public record",
    "ideology": "Herre 2023, or judged",
    "ideal": "Bailey, Strezhnev and Voeten, July 2025",
    "bodies": "public record to 2025-11-03",
    "missions": "Wikidata, 2022-11-16, without levels",
    "trade": "Factbook 2025-10-07",
    "alliance": "ATOP 5.1, 2018; NATO and CSTO since",
    "rivalry": "Thompson, Sakuwa and Suhas 2021; Gibler, Miller and Little 2.2.1",
    "cases": "known cases, no census",
    "law": "public record",
    "distance": "capitals, Factbook and CEPII",
    "language": "CEPII GeoDist",
    "border": "Factbook 2025-10-07",
}


def missions(code: str, edits: Edits = NO_EDITS) -> dict[str, str]:
    """Hosts of the missions of a state in 2022, and their kind: "", "*" de facto, "+" section."""
    for row in rows("missions", edits):
        if row["sender"] == code:
            return {word[:3]: word[3:] for word in row["hosts"].split()}
    return {}


def leader_in_words(term: Term | None) -> str:
    """The leader in office, since when, and the leaning if it is known."""
    if term is None:
        return UNKNOWN
    leaning = (
        "leaning not known"
        if term.ideology is None
        else f"leaning {term.ideology:+.2g} (−1 left, +1 right)"
    )
    return f"{term.leader} since {term.start}, {leaning}"


def _current(row: Membership, day: date) -> str:
    share = row.on(day)
    return row.body if share == 1 else f"{row.body} ({share:g})" if share else ""


def bodies_of(code: str, day: date, edits: Edits = NO_EDITS) -> list[str]:
    """Bodies to which a state belongs on a day, with the share of a membership that is not full."""
    held = [_current(row, day) for row in state(code, edits).memberships]
    return sorted(name for name in held if name)


def state_facts(code: str, day: date, record: Record, edits: Edits = NO_EDITS) -> Facts:
    """What is known of a state on a day."""
    row = state(code, edits)
    point = ideal_point(code, day, edits)
    due = [one for one in handovers() if one.country == code and one.day > day]
    main = [r for r in rows("trade_partners", edits) if r["state"] == code]
    sent = missions(code, edits)
    acts = [e for e in record.events if code in (e.sender, e.target)]
    known = [r for r in ruptures(edits) if code in (r.sender, r.target)]
    told = [f"{r['partner']} {float(r['share_percent']):.0f} % of {r['flow']}s" for r in main]
    return [
        ("region", f"{row.region}, {row.subregion}", "UN M49"),
        ("GDP", f"{row.gdp:,.0f} billion USD" if row.gdp else UNKNOWN, SOURCES["gdp"]),
        ("leader", leader_in_words(in_office(code, day, edits)), SOURCES["leader"]),
        ("handover due", "; ".join(str(one.day) for one in due) or UNKNOWN, "calendar"),
        ("UN ideal point", UNKNOWN if point is None else f"{point:+.2f}", SOURCES["ideal"]),
        ("bodies", ", ".join(bodies_of(code, day, edits)) or "none", SOURCES["bodies"]),
        ("land borders", ", ".join(sorted(row.borders)) or "none", SOURCES["border"]),
        ("main partners", ", ".join(told) or UNKNOWN, SOURCES["trade"]),
        ("missions abroad", f"{len(sent)} on file" if sent else UNKNOWN, SOURCES["missions"]),
        ("Vienna 1961", "party" if row.vienna else "no party", SOURCES["law"]),
        ("Caracas 1954", caracas_in_words(code, edits), SOURCES["law"]),
        ("recorded acts", f"{len(acts)} in the shipped record", "seeds/history"),
        ("known ruptures, downgrades, recalls", str(len(known)), SOURCES["cases"]),
    ]


def caracas_in_words(code: str, edits: Edits = NO_EDITS) -> str:
    """How a state stands to the Caracas Convention of 1954."""
    row = state(code, edits)
    return "party" if row.caracas else "signed, not ratified" if row.signed else "no party"


def law_in_words(a: str, b: str, edits: Edits = NO_EDITS) -> str:
    """Which law binds a pair: diplomatic relations, and asylum."""
    first, second = state(a, edits), state(b, edits)
    vienna = "Vienna 1961 binds both" if first.vienna and second.vienna else "Vienna 1961: not both"
    if first.signed and second.signed:
        how = "binds both" if first.caracas and second.caracas else "is practice, not law for both"
        return f"{vienna}; Caracas 1954 on asylum {how}"
    return f"{vienna}; no right to asylum in a mission, which is a refuge by its inviolability"


def pair_facts(a: str, b: str, day: date, record: Record, edits: Edits = NO_EDITS) -> Facts:
    """What is known of a pair on a day; what the tables do not have is said to be not known."""
    pair = frozenset((a, b))
    row = pair_rows(edits).get(pair, {})
    points = [ideal_point(code, day, edits) for code in (a, b)]
    held = [set(bodies_of(code, day, edits)) for code in (a, b)]
    acts = [e for e in record.events if {e.sender, e.target} == pair and e.day <= day]
    now = Standing(standing(standing_of(record, day, a, b, edits)))
    first = covered(a, b, edits)
    told = f"{len(acts)} to {day}" + ("" if acts or first else "; no record covers this pair")
    apart = None if None in points else abs(points[0] - points[1])  # type: ignore[operator]
    away = kilometres([a], [b], edits)[0, 0]
    leaders = [
        (f"leader of {code}", leader_in_words(in_office(code, day, edits)), SOURCES["leader"])
        for code in (a, b)
    ]
    sent = [
        (f"mission of {s} in {t}", _mission(s, t, edits), SOURCES["missions"])
        for s, t in ((a, b), (b, a))
    ]
    return [
        ("distance of capitals", f"{away:,.0f} km", SOURCES["distance"]),
        ("land border", _border(row), SOURCES["border"]),
        ("UN ideal points apart", UNKNOWN if apart is None else f"{apart:.2f}", SOURCES["ideal"]),
        *leaders,
        ("bodies in common", ", ".join(sorted(held[0] & held[1])) or "none", SOURCES["bodies"]),
        ("defence pact in 2018", _yes(row.get("defence", "")), SOURCES["alliance"]),
        ("rivalry or militarised disputes", _rivalry(row, pair, edits), SOURCES["rivalry"]),
        ("main trade partner", _yes("1" if pair in partners(edits) else ""), SOURCES["trade"]),
        ("common official language", _yes(row.get("language", "")), SOURCES["language"]),
        ("colonial tie", _yes(row.get("colonial_tie", "")), SOURCES["language"]),
        *sent,
        ("law", law_in_words(a, b, edits), SOURCES["law"]),
        (f"standing on {day}", _standing(now, a, b, day, edits), "record and known cases"),
        ("recorded acts", told, "seeds/history"),
    ]


def _standing(now: Standing, a: str, b: str, day: date, edits: Edits) -> str:
    known = covered(a, b, edits) or (min(a, b), max(a, b)) in standing_before(day, edits)
    return now.label if known or now else f"{now.label} (assumed: nothing else is known)"


def _yes(cell: str) -> str:
    return "yes" if cell else "no"


def _border(row: dict[str, str]) -> str:
    if row.get("land_border") == "1":
        return f"yes, {row['border_km'] or '?'} km"
    if row.get("land_border"):
        return "through a territory far away"
    water = CONTIGUITY.get(row.get("contiguity", ""))
    return f"no; contiguous by {water}" if water else "no"


def _rivalry(row: dict[str, str], pair: frozenset[str], edits: Edits) -> str:
    if pair not in rivals(edits):
        return "none"
    told = ["strategic rivalry in 2020"] if row.get("rivalry") else []
    if row.get("disputes"):
        told.append(
            f"militarised disputes 1990-2010: {row['disputes']}, "
            f"{row['disputes_with_force'] or 0} with force"
        )
    return "; ".join(told)


def _mission(sender: str, host: str, edits: Edits) -> str:
    held = missions(sender, edits)
    return MISSIONS[held[host]] if host in held else "none on file, which is weak evidence"


def case_rows(a: str, b: str, day: date, edits: Edits = NO_EDITS) -> list[list[str]]:
    """Known ruptures of a pair by a day: start, end, what, cause, confidence."""
    return [
        [
            str(row.start),
            str(row.end) if row.end and row.end <= day else "open or not known",
            f"{name_of(row.sender)}: {row.kind}",
            row.cause,
            row.confidence,
        ]
        for row in ruptures(edits)
        if {row.sender, row.target} == {a, b} and row.start <= day
    ]


def regions(edits: Edits = NO_EDITS) -> Sequence[str]:
    """Regions and subregions of the states."""
    held = {row["region"] for row in rows("states", edits)} | {
        row["subregion"] for row in rows("states", edits)
    }
    return sorted(name for name in held if name)
