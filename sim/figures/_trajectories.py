"""Trajectories of trust from folders of results: any dyad, any span, runs, what-ifs, paths."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError
from sim.language import tr
from sim.outcomes.words import path_in_words, percent

Floats = NDArray[np.float64]
WORDS = ("dyads", "from", "to", "what_ifs", "by", "middle")
"""Keywords of a figure of trust."""
MIDDLES = {"median": "q50", "mean": "mean"}
"""The line of a trajectory: statistic by the word that asks for it."""
BANDS = ("q05", "q25", "q75", "q95")
MOST_GROUPS = 5
"""What-ifs, or paths, that are drawn if none are named: first in rank, likeliest."""
BACK = 1100
"""Days of the record that are shown if no span is asked for."""


@dataclass(frozen=True)
class Line:
    """Trust of one directed dyad by day, in one group of replicates.

    Attributes
    ----------
    sender, target
        The dyad.
    group
        Which group: a run, a what-if, a path; empty if there is one alone.
    when
        ``[row]`` dates, ``datetime64[h]``.
    projected
        ``[row]`` whether the row is of the projection.
    values
        By statistic ``[row]``, -1 to 1: ``middle``, and the quantiles of ``BANDS``.
    border
        The information date.
    """

    sender: str
    target: str
    group: str
    when: NDArray[Any]
    projected: NDArray[np.bool_]
    values: dict[str, Floats]
    border: date


def as_list(given: Any) -> list[str] | None:
    """A list of names from a list, or from one text with commas; None stays None."""
    if given is None:
        return None
    parts = given.strip("[] ").split(",") if isinstance(given, str) else given
    return [str(part).strip(" '\"") for part in parts]


def day_of(key: str, given: Any) -> date | None:
    """A date from a date or from ``YYYY-MM-DD``; raises InputError if it is neither."""
    if given is None or isinstance(given, date):
        return given
    try:
        return date.fromisoformat(str(given))
    except ValueError as error:
        raise InputError(key, "must be a date YYYY-MM-DD", given) from error


def dyads_of(results: Any, given: Any) -> list[tuple[str, str]]:
    """Directed dyads: ``PER-MEX`` is both directions, ``PER>MEX`` one; the focal pair by default.

    Raises
    ------
    InputError
        If one is no pair of states of the results.
    """
    summary = results.summary
    focal = summary["dyads"][0] if "dyads" in summary else summary["dyad"]
    states = list(dict.fromkeys(results.config["scenario"]["states"]))
    found: list[tuple[str, str]] = []
    for name in as_list(given) or [focal]:
        parts = name.replace(">", "-").split("-")
        if len(parts) != 2 or parts[0] == parts[1]:
            raise InputError("dyads", "must be pairs of states: PER-MEX, or PER>MEX", name)
        for code in parts:
            if code not in states:
                raise InputError("dyads", "must be states of the scenario", code, states)
        a, b = parts
        found += [(a, b)] if ">" in name else [(a, b), (b, a)]
    return list(dict.fromkeys(found))


def lines(parts: Sequence[Any], words: dict[str, Any]) -> list[Line]:
    """The lines of a figure, from one or more runs or comparisons.

    Raises
    ------
    InputError
        If a word is unknown or has no data.
    """
    middle = words.get("middle") or "median"
    if middle not in MIDDLES:
        raise InputError("middle", "must be median or mean", middle, MIDDLES)
    by = words.get("by")
    if by not in (None, "path"):
        raise InputError("by", "must be path", by, ["path"])
    found: list[Line] = []
    for results, title in zip(parts, _titles(parts), strict=True):
        border = date.fromisoformat(results.summary["information_date"])
        for group, table in _groups(results, words).items():
            name = ", ".join(part for part in (title, group) if part)
            for sender, target in dyads_of(results, words.get("dyads")):
                found.append(_line(table, sender, target, name, MIDDLES[middle], border))
    first, last = (day_of(key, words.get(key)) for key in ("from", "to"))
    if first and last and first > last:
        raise InputError("from, to", "must be an earlier day and a later one", f"{first}, {last}")
    return [_cut(line, first, last) for line in found]


def _titles(parts: Sequence[Any]) -> list[str]:
    """What tells several folders apart; nothing if there is one."""
    if len(parts) == 1:
        return [""]
    titles = [tr(part.summary["title"]) for part in parts]
    if len(set(titles)) < len(titles):
        titles = [
            f"{title} ({part.summary['information_date']})"
            for title, part in zip(titles, parts, strict=True)
        ]
    if len(set(titles)) < len(titles):
        titles = [f"{title} [{k}]" for k, title in enumerate(titles, 1)]
    return titles


def _groups(results: Any, words: dict[str, Any]) -> dict[str, Any]:
    """Tables of trust by the name of their group, each with columns of a run's trust table."""
    import pyarrow as pa
    import pyarrow.compute as pc

    what_ifs, by = as_list(words.get("what_ifs")), words.get("by")
    if results.kind == "compare":
        if by is not None:
            raise InputError("by", "is for runs: a comparison is drawn by what-if", by)
        table = results.tables["trajectories"]
        name = table["what_if"].cast("string")
        titles = {row["what_if"]: tr(row["title"]) for row in results.summary["ranking"]}
        if what_ifs is None:
            what_ifs = list(titles)[:MOST_GROUPS]
        elif what_ifs == ["all"]:
            what_ifs = list(titles)
        for one in what_ifs:
            if one not in titles:
                raise InputError("what_ifs", "no such what-if in this comparison", one, titles)
        base = table.filter(pc.equal(name, ""))
        past = base.filter(pc.equal(base["phase"].cast("string"), "record"))
        found = {tr("base run"): base}
        for one in what_ifs:
            found[titles[one]] = pa.concat_tables([past, table.filter(pc.equal(name, one))])
        return found
    if what_ifs is not None:
        raise InputError("what_ifs", "are in a comparison, not in a run", ", ".join(what_ifs))
    table = results.tables["trust"]
    if by is None:
        return {"": table}
    past = table.filter(pc.equal(table["phase"].cast("string"), "record"))
    rows, dyad = results.tables["trust_by_path"], results.summary["dyads"][0]
    rows = rows.filter(pc.equal(rows["dyad"].cast("string"), dyad))
    paths = results.summary["paths"][dyad][:MOST_GROUPS]
    columns = ["day", "sender", "target", "mean", "q50", *BANDS]
    return {
        path_in_words(row["path"]): pa.concat_tables(
            [
                past.select([*columns, "phase"]).cast(_schema([*columns, "phase"])),
                _projected(
                    rows.filter(pc.equal(rows["path"].cast("string"), row["path"])), columns
                ),
            ]
        )
        for row in paths
    }


def with_shares(found: Sequence[Line], results: Any) -> list[Line]:
    """The lines of paths, each named by its path and the path's share of the replicates."""
    rows = results.summary["paths"][results.summary["dyads"][0]]
    shares = {path_in_words(row["path"]): percent(row["probability"]) for row in rows}
    return [
        replace(line, group=f"{line.group} ({shares[line.group]})")
        if line.group in shares
        else line
        for line in found
    ]


def _projected(rows: Any, columns: list[str]) -> Any:
    """Rows with some columns, and the phase of a projection."""
    import pyarrow as pa

    phase = pa.array(["projection"] * len(rows))
    return rows.select(columns).append_column("phase", phase).cast(_schema([*columns, "phase"]))


def _schema(names: Iterable[str]) -> Any:
    import pyarrow as pa

    text = ("sender", "target", "phase")
    return pa.schema([(name, pa.string() if name in text else pa.float64()) for name in names])


def _line(table: Any, sender: str, target: str, group: str, middle: str, border: date) -> Line:
    import pyarrow.compute as pc

    rows = table.filter(pc.equal(table["sender"].cast("string"), sender))
    rows = rows.filter(pc.equal(rows["target"].cast("string"), target))
    if not len(rows):
        told = f"{sender}>{target}"
        raise InputError("dyads", "has no trajectory in this folder", told, remedy="repeat the run")
    day = np.asarray(rows["day"].to_numpy(zero_copy_only=False), float)
    projected = np.array([phase == "projection" for phase in rows["phase"].to_pylist()])
    order = np.lexsort((projected, day))
    values = {
        name: np.asarray(rows[column].to_numpy(zero_copy_only=False), float)[order]
        for name, column in (("middle", middle), *((band, band) for band in BANDS))
    }
    when = np.datetime64(border, "h") + np.rint(day[order] * 24).astype("timedelta64[h]")
    return Line(sender, target, group, when, projected[order], values, border)


def _cut(line: Line, first: date | None, last: date | None) -> Line:
    """The line within a span; by default ``BACK`` days of the record and all of the projection."""
    if first is None:
        reach = np.datetime64(line.border - timedelta(BACK), "h")
        first = max(line.when[0], reach).astype("datetime64[D]").astype(date)
    low = np.datetime64(first, "h")
    high = line.when[-1] if last is None else np.datetime64(last, "h")
    held = (line.when >= low) & (line.when <= high)
    if not held.any():
        span = f"{str(line.when[0])[:10]} to {str(line.when[-1])[:10]}"
        asked = f"{first} to {last or 'the end'}"
        raise InputError("from, to", "must overlap the days of the folder", asked, remedy=span)
    values = {name: row[held] for name, row in line.values.items()}
    return Line(
        line.sender,
        line.target,
        line.group,
        line.when[held],
        line.projected[held],
        values,
        line.border,
    )


def rows_of(found: Sequence[Line]) -> list[dict[str, Any]]:
    """The lines as rows: group, sender, target, date, phase, middle and quantiles."""
    return [
        {
            "group": line.group,
            "sender": line.sender,
            "target": line.target,
            "date": str(line.when[k])[:10],
            "phase": "projection" if line.projected[k] else "record",
            **{name: round(float(row[k]), 4) for name, row in line.values.items()},
        }
        for line in found
        for k in range(len(line.when))
    ]
