"""BibTeX of what a run rests on: works, treaties, records, the program itself."""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from sim.inputs.data_root import data_root
from sim.inputs.parameters import parameter_table
from sim.institutions import catalogue
from sim.law.acts import ACTS, INDEX
from sim.results.run import Results

PROGRAM = "detente"
NOT_FIELDS = ("named", "type")


@lru_cache(maxsize=1)
def references() -> dict[str, dict[str, Any]]:
    """Works by key: how sources name them (``named``, a pattern), entry type, fields."""
    import yaml

    text = (data_root() / "seeds" / "references.yaml").read_text(encoding="utf-8")
    return dict(yaml.safe_load(text))


def sources_of(results: Results) -> list[str]:
    """Every source that a run used: of its parameters, acts, institutions, data and scenario.

    A parameter that the user edited is the user's own, and so is the record of the user's files.
    """
    edited = results.provenance.get("parameter_edits") or {}
    found = [row.source for name, row in parameter_table().items() if name not in edited]
    happened = set(results.tables["events"]["act"].combine_chunks().dictionary_decode().to_pylist())
    found += [ACTS[INDEX[act]].source for act in sorted(happened)]
    for name, body in catalogue().items():
        if (results.config["institutions"].get(name) or {}).get("enabled", True):
            module = sys.modules[body.__module__]
            found += [inspect.getdoc(body) or "", module.__doc__ or ""]
    found += [row["source"] for row in results.tables["consequences"].to_pylist() if row["source"]]
    return found + [str(line) for line in results.config["scenario"]["sources"]]


def cited(sources: Iterable[str]) -> list[str]:
    """Keys of the works that some sources name, in the order of the list of works."""
    text = "\n".join(sources)
    return [key for key, row in references().items() if re.search(row["named"], text)]


def entry(kind: str, key: str, fields: dict[str, Any]) -> str:
    """One BibTeX entry."""
    rows = [f"  {name} = {{{value}}}" for name, value in fields.items()]
    return "@" + kind + "{" + key + ",\n" + ",\n".join(rows) + "\n}\n"


def bibtex(results: Results) -> str:
    """The BibTeX of a run: the program, the works that its sources name, the files it read."""
    p = results.provenance
    found = [
        entry(
            "software",
            PROGRAM,
            {
                "title": "Détente: a what-if laboratory for bilateral relations",
                "version": p["détente"],
                "note": f"commit {p['commit']}, scenario {results.summary['scenario']}, "
                f"seed {results.summary['seed']}",
            },
        )
    ]
    for key in cited(sources_of(results)):
        row = references()[key]
        fields = {name: value for name, value in row.items() if name not in NOT_FIELDS}
        found.append(entry(row["type"], key, fields))
    for file, count in results.summary["record"]["files"].items():
        key = "record_" + re.sub(r"\W+", "_", file.rsplit("/")[-1].removesuffix(".csv"))
        digest = next((v for name, v in p["sha256"].items() if name.endswith(file)), "")
        note = f"{count} dated acts, each with source and confidence"
        fields = {"title": f"Record of diplomatic acts: {file.rsplit('/')[-1]}", "note": note}
        found.append(
            entry("misc", key, fields | ({"howpublished": f"SHA-256 {digest}"} if digest else {}))
        )
    return "\n".join(found)
