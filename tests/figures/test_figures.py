"""Every figure: found by listing, drawn on given Axes, in words, without raw identifiers."""

from __future__ import annotations

import re

import numpy as np
import pytest
from matplotlib.figure import Figure

from sim.figures import KINDS, catalogue, plots
from sim.figures.base import Plot
from sim.studies.load import read

RAW = re.compile(r"[a-z]+_[a-z0-9_]+|\b[A-Z]{3}[-–][A-Z]{3}\b")
"""Identifiers of the program: two words with an underscore, a pair of codes."""


def texts(axes):
    """Title, axis labels and legend of some Axes."""
    found = [axes.get_title(loc="left"), axes.get_xlabel(), axes.get_ylabel()]
    legend = axes.get_legend()
    return found + ([text.get_text() for text in legend.get_texts()] if legend else [])


@pytest.fixture(params=["shared_run", "shared_comparison"])
def results(request):
    return read(request.getfixturevalue(request.param))[0]


def test_every_file_of_the_folders_is_a_figure():
    for kind in KINDS:
        assert plots(kind)
        assert all(isinstance(plot, Plot) for plot in plots(kind).values())


def test_a_figure_of_the_report_says_what_it_shows():
    for kind in KINDS:
        for name, plot in plots(kind).items():
            assert bool(plot.section) == bool(plot.caption), name


def test_a_figure_has_a_title_in_words(results):
    for name, draw in catalogue(results.kind, results).items():
        axes = Figure().add_subplot()
        assert draw(results, axes) is axes
        assert texts(axes)[0], name
        assert not any(RAW.search(text) for text in texts(axes)), (name, texts(axes))


def test_alternative_texts_are_words_with_numbers(results):
    for name, plot in plots(results.kind).items():
        if plot.section:
            told = plot.alt(results)
            assert len(told) > 30, name
            assert not RAW.search(told.replace("trust.parquet", "")), told


def test_indices_that_a_small_sample_does_not_give_are_gaps():
    import pyarrow as pa

    from sim.figures.sensitivity import convergence
    from sim.results.study import Study

    rows = [
        {"parameter": "trust.kappa", "samples": 8, "value": None, "high": None},
        {"parameter": "trust.kappa", "samples": 16, "value": 0.4, "high": 0.6},
    ]
    tables = {
        "convergence": pa.Table.from_pylist(rows),
        "indices": pa.Table.from_pylist([{"parameter": "trust.kappa", "index": "ST"}]),
    }
    study = Study({"kind": "sensitivity", "index": "ST"}, {}, {}, tables)
    line = convergence.draw(study).get_lines()[0]
    assert np.isnan(line.get_ydata()[0])
    assert line.get_ydata()[1] == 0.4
