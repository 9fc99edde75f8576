"""A sweep for a CI job: JUnit XML for its test page, Markdown for its summary page."""

from __future__ import annotations

import xml.etree.ElementTree as xml
from typing import Any

from sim.errors import visible
from sim.outcomes.words import quantity_in_words
from sim.results.text_cells import markdown_text
from sim.studies.sweep.folder import FAILED
from sim.studies.sweep.tables import SweepResults

MOST = 60
"""Greatest number of rows of a table in the Markdown summary."""


def describe(axes: dict[str, Any]) -> str:
    """A point's axes, ``key=value`` each, keys without their groups."""
    return ", ".join(f"{key}={value}" for key, value in axes.items())


def junit(results: SweepResults, judged: bool) -> bytes:
    """JUnit XML with a test case per point and per expectation of it, as GitLab and GitHub read it.

    If ``judged`` is False, expectations are skipped.
    """
    suite = xml.Element("testsuite", name="detente sweep")
    totals = {"tests": 0, "failures": 0, "errors": 0, "skipped": 0}

    def case(row: dict[str, Any], name: str) -> xml.Element:
        totals["tests"] += 1
        return xml.SubElement(
            suite,
            "testcase",
            time="0",
            classname=visible(f"point {row['point']}: {describe(row['axes'])}"),
            name=visible(name),
        )

    for row in results.points:
        ran = case(row, "runs")
        if row["status"] == FAILED:
            totals["errors"] += 1
            told = row["failure"]
            xml.SubElement(
                ran, "error", message=visible(f"{told['stage']}: {told['message']}")
            ).text = f"traceback in {told['traceback']}"
        for item in results.results.get(row["point"], {}).get("expectations", ()):
            tested = case(row, item["what"])
            if not judged:
                totals["skipped"] += 1
                xml.SubElement(tested, "skipped", message="expect=false")
            elif not item["met"]:
                totals["failures"] += 1
                xml.SubElement(tested, "failure", message=outside(item)).text = visible(item["why"])
    for name, count in totals.items():
        suite.set(name, str(count))
    root = xml.Element("testsuites", {name: str(count) for name, count in totals.items()})
    root.append(suite)
    xml.indent(root)
    return bytes(xml.tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


def outside(item: dict[str, Any]) -> str:
    """The value of an expectation and its range, in words."""
    return f"{item['value']:.4g}, expected {item['low']:g} to {item['high']:g}"


def _grid(columns: list[str], rows: list[list[str]]) -> list[str]:
    def line(cells: list[str]) -> str:
        return "| " + " | ".join(map(markdown_text, cells)) + " |"

    return [
        line(columns),
        "| " + " | ".join(["---"] * len(columns)) + " |",
        *map(line, rows[:MOST]),
        *([f"\n… and {len(rows) - MOST} more rows"] if len(rows) > MOST else []),
        "",
    ]


def _part(title: str, columns: list[str], rows: list[list[Any]]) -> list[str]:
    """Lines of a titled table; none if it has no rows."""
    return (
        [f"## {title}", "", *_grid(columns, [[str(x) for x in row] for row in rows])]
        if rows
        else []
    )


def markdown(results: SweepResults) -> str:
    """A Markdown summary: counts, unmet expectations, failures, equal points, every outcome."""
    points, unmet = results.points, results.unmet()
    failed = [row for row in points if row["status"] == FAILED]
    axes = {row["point"]: row["axes"] for row in points}
    lines = [
        "# Détente sweep",
        "",
        f"{len(points)} points, {len(results.results)} done, "
        f"{len(failed)} failed, {len(unmet)} expectations not met. All points: "
        f"{markdown_text(' '.join(results.manifest['common']) or 'nothing')}",
        "",
    ]
    lines += _part(
        "Expectations not met",
        ["point", "settings", "expectation", "result"],
        [[r["point"], describe(axes[r["point"]]), r["what"], outside(r)] for r in unmet],
    )
    lines += _part(
        "Failed points",
        ["point", "settings", "stage", "message"],
        [
            [r["point"], describe(r["axes"]), r["failure"]["stage"], r["failure"]["message"]]
            for r in failed
        ],
    )
    lines += _part(
        "Equal configurations",
        ["point", "settings", "equals point"],
        [[r["point"], describe(r["axes"]), r["same_as"]] for r in points if "same_as" in r],
    )
    told = [
        (row, results.results[row["point"]]["outcome"])
        for row in points
        if row["point"] in results.results
    ]
    rows = [
        [
            row["point"],
            describe(row["axes"]),
            quantity_in_words(item["outcome"]),
            shown(item["value"]),
            f"{shown(item['low'])} to {shown(item['high'])}",
        ]
        for row, item in told
    ]
    columns = ["point", "settings", "outcome", "value", "95 % interval"]
    lines += ["## Outcome", "", *_grid(columns, [[str(x) for x in row] for row in rows])]
    return "\n".join(lines)


def shown(value: float | None) -> str:
    """A number with three decimals; a dash if there is none."""
    return "–" if value is None else f"{value:.3f}"
