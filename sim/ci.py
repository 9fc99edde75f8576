"""What a CI job shows of a sweep: JUnit XML for its test page, Markdown for its summary page."""

from __future__ import annotations

import xml.etree.ElementTree as xml
from typing import Any

from sim.sweep import FAILED
from sim.sweep_tables import SweepResults

MOST = 60
"""Rows of a table in the Markdown summary."""


def describe(axes: dict[str, Any]) -> str:
    """A point's axes, ``key=value`` each, keys without their groups."""
    return ", ".join(f"{key.rpartition('.')[2]}={value}" for key, value in axes.items())


def junit(results: SweepResults, judged: bool) -> bytes:
    """A test case for every point and for every expectation of it, as GitLab and GitHub read them.

    ``judged`` says whether expectations count; they are skipped otherwise.
    """
    suite = xml.Element("testsuite", name="detente sweep")
    totals = {"tests": 0, "failures": 0, "errors": 0, "skipped": 0}

    def case(row: dict[str, Any], name: str) -> xml.Element:
        totals["tests"] += 1
        return xml.SubElement(suite, "testcase", time="0", classname=(
            f"point {row['point']}: {describe(row['axes'])}"), name=name)

    for row in results.points:
        ran = case(row, "runs")
        if row["status"] == FAILED:
            totals["errors"] += 1
            told = row["failure"]
            xml.SubElement(ran, "error", message=f"{told['stage']}: {told['message']}"
                           ).text = f"traceback in {told['traceback']}"
        for item in results.results.get(row["point"], {}).get("expectations", ()):
            tested = case(row, item["what"])
            if not judged:
                totals["skipped"] += 1
                xml.SubElement(tested, "skipped", message="expect=false")
            elif not item["met"]:
                totals["failures"] += 1
                xml.SubElement(tested, "failure", message=outside(item)).text = item["why"]
    for name, count in totals.items():
        suite.set(name, str(count))
    root = xml.Element("testsuites", {name: str(count) for name, count in totals.items()})
    root.append(suite)
    xml.indent(root)
    return bytes(xml.tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


def outside(item: dict[str, Any]) -> str:
    """What came out of an expectation against its range."""
    return f"{item['value']:.4g}, expected {item['low']:g} to {item['high']:g}"


def _grid(columns: list[str], rows: list[list[str]]) -> list[str]:
    def line(cells: list[str]) -> str:
        return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"

    return [line(columns), line(["---"] * len(columns)), *map(line, rows[:MOST]),
            *([f"\n… and {len(rows) - MOST} more rows"] if len(rows) > MOST else []), ""]


def markdown(results: SweepResults) -> str:
    """Counts, what fell outside, what failed, equal points, and the outcome of every point."""
    points, unmet = results.points, results.unmet()
    failed = [row for row in points if row["status"] == FAILED]
    axes = {row["point"]: row["axes"] for row in points}
    lines = ["# Détente sweep", "", f"{len(points)} points, {len(results.results)} done, "
             f"{len(failed)} failed, {len(unmet)} expectations unmet. Common: "
             f"`{' '.join(results.manifest['common']) or 'nothing'}`", ""]
    if unmet:
        lines += ["## Outside their range", "", *_grid(
            ["point", "where", "what", "came out"],
            [[str(row["point"]), describe(axes[row["point"]]), row["what"], outside(row)]
             for row in unmet])]
    if failed:
        lines += ["## Failed", "", *_grid(
            ["point", "where", "stage", "message"],
            [[str(row["point"]), describe(row["axes"]), row["failure"]["stage"],
              row["failure"]["message"]] for row in failed])]
    equal = [row for row in points if "same_as" in row]
    if equal:
        lines += ["## Equal configurations", "", *_grid(
            ["point", "where", "equals point"],
            [[str(row["point"]), describe(row["axes"]), str(row["same_as"])] for row in equal])]
    told = [(row, results.results[row["point"]]["outcome"]) for row in points
            if row["point"] in results.results]
    lines += ["## Outcome", "", *_grid(
        ["point", "where", "outcome", "value", "95 % interval"],
        [[str(row["point"]), describe(row["axes"]), item["outcome"], shown(item["value"]),
          f"{shown(item['low'])} to {shown(item['high'])}"] for row, item in told])]
    return "\n".join(lines)


def shown(value: float | None) -> str:
    """A number for a reader; a dash where there is none."""
    return "–" if value is None else f"{value:.3f}"
