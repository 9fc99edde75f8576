"""The Python face: pleasant in a notebook, the same as the command line, plots take Axes."""

from __future__ import annotations

import doctest
import importlib
from datetime import date

import numpy as np
import pytest
from matplotlib.figure import Figure

import sim
from sim.commands import DONE, main
from sim.figures import catalogue
from sim.studies.load import read
from tests.conftest import ROOT

EVIL = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def results():
    return sim.simulate("chavez_asylum_2025", replicates=12, horizon_days=60, workers=1)


@pytest.fixture(scope="module")
def study():
    return sim.counterfactual(
        "chavez_asylum_2025",
        ["asylum_refused", "oas_never"],
        replicates=12,
        horizon_days=60,
        workers=1,
    )


def test_a_counterfactual_is_the_command(study, tmp_path):
    assert (
        main(
            [
                "compare",
                "what_ifs=[asylum_refused,oas_never]",
                "replicates=12",
                "horizon_days=60",
                "figures=false",
                "worlds=0",
                f"output={tmp_path / 'c'}",
            ]
        )
        == DONE
    )
    told = read(tmp_path / "c")[0]
    assert told.summary["ranking"] == study.summary["ranking"]
    for name, table in study.tables.items():
        rows = told.tables[name].to_pylist()
        if name == "first_differences":
            for row in rows:
                row.pop("reason")  # the command reruns an example for it
        assert rows == table.to_pylist()
    assert isinstance(sim.load_results(str(tmp_path / "c")), type(study))


def test_a_what_if_of_ones_own(study):
    own = sim.counterfactual(
        "chavez_asylum_2025",
        {"refused": {"shocks": {"chavez": {"decision": "refused"}}}},
        replicates=12,
        horizon_days=60,
        workers=1,
    )
    shipped = next(r for r in study.summary["ranking"] if r["what_if"] == "asylum_refused")
    assert own.summary["ranking"][0]["difference"] == shipped["difference"]
    with pytest.raises(sim.InputError, match="no such what-if"):
        sim.counterfactual("chavez_asylum_2025", ["asylum_refusd"], replicates=2)
    with pytest.raises(sim.InputError, match="nothing to compare"):
        sim.counterfactual("quiet_neighbours", [], replicates=2)


def test_tables_open_in_pandas(results, study):
    frame = results.to_pandas()
    assert frame["probability"].sum() == pytest.approx(1.0)
    assert set(results.to_pandas("events").columns) >= {"replicate", "day", "act"}
    assert len(study.to_pandas("ranking")) == 2
    assert len(study.to_pandas()) == 2
    for held in (results, study):
        with pytest.raises(sim.InputError, match="no such table"):
            held.to_pandas("pathes")


def test_trust_opens_in_xarray(results, study):
    data = results.to_xarray()
    assert data["mean"].dims == ("day", "sender", "target")
    rows = results.series("PER", "MEX")
    future = rows["phase"] == "projection"
    np.testing.assert_array_equal(data["q50"].sel(sender="PER", target="MEX"), rows["q50"][future])
    np.testing.assert_array_equal(data["mean"].isel(day=-1), results.matrix(True))
    effects = study.to_xarray()
    row = study.rows("effects", what_if="asylum_refused", measure="severed_at_60")[0]
    assert (
        float(effects["difference"].sel(what_if="asylum_refused", measure="severed_at_60"))
        == row["difference"]
    )


def test_html_of_a_notebook_is_escaped(results, study):
    from dataclasses import replace

    for held in (results, study):
        evil = replace(held, summary={**held.summary, "title": EVIL})
        text = evil._repr_html_()
        assert "<script" not in text
        assert "&lt;script&gt;" in text
    assert "contained" in results._repr_html_()
    assert "Mexico refuses asylum" in study._repr_html_()


def test_plots_take_and_give_axes(results, study):
    for held, kind in ((results, "run"), (study, "compare")):
        for name in catalogue(kind, held):
            axes = Figure().add_subplot()
            assert sim.plot(held, name, axes) is axes
            assert sim.plot(held, name) is not axes
    with pytest.raises(sim.InputError, match="trust"):
        sim.plot(results, "trustt")


def test_an_explanation_adds_up(results):
    one, other = sim.explain(results, "PER-MEX", date(2022, 12, 1), date(2023, 3, 1))
    frame = one.to_pandas()
    assert frame["change"].sum() == pytest.approx(one.change, abs=1e-12)
    assert (one.sender, other.sender) == ("PER", "MEX")
    assert "total" in one._repr_html_()


def test_slips_are_told_and_dates_may_be_words(results, study, tmp_path):
    one = sim.explain(results, ("PER", "MEX"), "2022-12-01", "2023-03-01")[0]
    assert one.first == date(2022, 12, 1)
    for slip in (
        lambda: sim.explain(study),
        lambda: sim.explain(results, "PER-MEX", "soon"),
        lambda: sim.counterfactual("quiet_neighbours", {"x": 5}, replicates=2),
    ):
        with pytest.raises(sim.InputError):
            slip()
    assert sim.write_report(study, tmp_path / "study.md").read_text().startswith("# Asylum")
    assert len(repr(results)) < 200
    assert len(repr(study)) < 200


def test_a_report_is_a_file(results, study, tmp_path):
    page = sim.write_report(results, tmp_path / "page.html", study)
    assert "<!doctype html>" in page.read_text()
    assert sim.write_report(None, tmp_path / "page.md", study).read_text().startswith("# Asylum")
    with pytest.raises(sim.InputError, match="needs a run or a comparison"):
        sim.write_report(None, tmp_path / "none.html")


@pytest.mark.parametrize(
    "module",
    [
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for path in sorted((ROOT / "sim").rglob("*.py"))
        if ">>> " in path.read_text(encoding="utf-8")
    ],
)
def test_the_examples_of_docstrings_run(module, in_empty_folder):
    found = doctest.testmod(importlib.import_module(module))
    assert found.attempted > 0
    assert found.failed == 0
