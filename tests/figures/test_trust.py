"""The figure of trust: any dyad and span, what-ifs, paths; its data is what the tables have."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

import sim
from sim.commands import BAD_INPUT, DONE, main
from sim.figures import KINDS, plots
from sim.figures._trajectories import lines
from sim.figures.base import figure_of
from sim.studies.load import read


@pytest.fixture(scope="module")
def run(shared_run):
    return read(shared_run)[0]


@pytest.fixture(scope="module")
def comparison(shared_comparison):
    return read(shared_comparison)[0]


def test_every_figure_has_its_data_and_every_kind_a_folder():
    for kind in KINDS:
        for name, plot in plots(kind).items():
            assert callable(plot.data), name


def test_the_data_of_a_run_are_the_rows_of_its_table(run):
    words = {"dyads": ["COL>PER"], "from": "2025-09-01", "to": "2026-01-15"}
    rows = pd.DataFrame(plots("run")["trust"].data(run, **words))
    series = run.series("COL", "PER")
    day = np.array([(pd.Timestamp(d) - pd.Timestamp("2025-11-02")).days for d in rows.date])
    assert day.min() >= -62
    assert day.max() == 74
    for phase in ("record", "projection"):
        own = rows[rows.phase == phase]
        held = dict(
            zip(
                series["day"][series["phase"] == phase],
                series["q50"][series["phase"] == phase],
                strict=True,
            )
        )
        assert own.middle.tolist() == pytest.approx(
            [held[d] for d in day[rows.phase == phase]], abs=1e-4
        )


def test_what_ifs_share_the_record_and_have_projections_of_their_own(comparison):
    found = lines([comparison], {"what_ifs": ["asylum_refused"], "dyads": ["PER>MEX"]})
    base, other = found
    assert [base.group, other.group] == ["base run", "Mexico refuses asylum"]
    past = ~base.projected
    assert (base.values["middle"][past] == other.values["middle"][~other.projected]).all()
    assert base.values["middle"][-1] != other.values["middle"][-1]
    gap = comparison.to_pandas("trust")
    gap = gap[(gap.what_if == "asylum_refused") & (gap.sender == "PER") & (gap.day == 200)]
    mean = lines(
        [comparison], {"what_ifs": ["asylum_refused"], "dyads": ["PER>MEX"], "middle": "mean"}
    )
    told = mean[1].values["middle"][-1] - mean[0].values["middle"][-1]
    assert told == pytest.approx(gap.difference.iloc[0], abs=2e-4)


def test_paths_are_conditional_on_the_path(run):
    found = lines([run], {"by": "path", "dyads": ["PER>MEX"], "middle": "mean"})
    labels = [row["path"] for row in run.summary["paths"]["PER-MEX"]]
    assert [line.group for line in found] == labels[: len(found)]
    table = run.to_pandas("trust_by_path")
    own = table[(table.path == labels[0]) & (table.sender == "PER") & (table.day == 200)]
    assert found[0].values["middle"][-1] == pytest.approx(own["mean"].iloc[0])
    shares = run.to_pandas("paths").set_index("path").probability
    ends = table[(table.sender == "PER") & (table.day == 200)].set_index("path")["mean"]
    whole = run.series("PER", "MEX")["mean"][-1]
    assert (ends * shares).sum() == pytest.approx(whole, abs=2e-4)


def test_a_path_is_named_with_its_share_and_the_title_counts_the_paths(run):
    axes = sim.plot(run, "trust", by="path", dyads="PER>MEX")
    figure = figure_of(axes)
    first = run.summary["paths"]["PER-MEX"][0]
    told = figure.legends[0].get_texts()[0].get_text().replace("\n", " ")
    assert told == f"{first['path']} ({first['probability']:.0%})".replace("%", "\u00a0%")
    assert f"of {len(run.summary['paths']['PER-MEX'])} paths" in figure.get_suptitle()


def test_lines_of_several_pairs_are_named_by_the_title_of_their_panel(run):
    axes = sim.plot(run, "trust", dyads=["PER-MEX", "COL>PER"])
    figure = figure_of(axes)
    titles = [panel.get_title(loc="left") for panel in figure.axes]
    assert titles == ["Peru and Mexico", "Trust of Colombia in Peru"]
    told = [text.get_text() for text in figure.legends[0].get_texts()[:2]]
    assert told == ["trust of the first state in the second", "of the second in the first"]
    assert not any("Mexico" in line.get_label() for line in figure.axes[1].get_lines())


def test_numbers_of_acts_do_not_overlap(run):
    axes = sim.plot(run, "trust", dyads=["PER-MEX", "COL>PER"], from_="2022-01-01", size="85mm")
    figure = figure_of(axes)
    figure.draw_without_rendering()
    for panel in figure.axes:
        boxes = [t.get_window_extent() for t in panel.texts if t.get_text()[0].isdigit()]
        boxes.sort(key=lambda box: box.x0)
        assert all(a.x1 <= b.x0 for a, b in pairwise(boxes))


def test_several_runs_in_one_figure(run):
    axes = sim.plot([run, run], "trust", dyads="PER>MEX")
    assert len({text.get_text() for text in figure_of(axes).legends[0].get_texts()[:2]}) == 2


def test_steps_are_at_acts_and_marks_have_sentences(run):
    axes = sim.plot(run, "trust", from_="2022-11-01", to="2023-04-01")
    told = " ".join(
        text.get_text().replace("\n", " ") for text in figure_of(axes).legends[0].get_texts()
    )
    assert "Peru expels Mexico's ambassador" in " ".join(told.split())
    line = lines([run], {"dyads": ["PER>MEX"], "from": "2022-12-01", "to": "2023-03-15"})[0]
    jumps = np.abs(np.diff(line.values["middle"])) > 0.05
    assert (np.diff(line.when)[jumps] == np.timedelta64(24, "h")).all()


@pytest.mark.parametrize("kind", ["run", "comparison"])
def test_no_text_is_cut_off_at_85_mm(kind, request):
    results = request.getfixturevalue(kind)
    for name, plot in plots(results.kind).items():
        if not plot.fits(results):
            continue
        axes = sim.plot(results, name, size="85mm")
        figure = figure_of(axes)
        assert figure.get_figwidth() == pytest.approx(85 / 25.4)
        figure.draw_without_rendering()
        box = figure.bbox
        for text in [*figure.texts, *(a._left_title for a in figure.axes)]:
            if text.get_text() and text.get_visible():
                extent = text.get_window_extent()
                assert extent.x1 <= box.x1 + 2, (name, text.get_text())


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["figure=trist"], ["no such figure", "trust"]),
        (["figure=trust", "dyads=PER-MEXX"], ["states of the scenario", "MEX"]),
        (["figure=trust", "dyads=PER"], ["pairs of states"]),
        (["figure=trust", "from=2030-01-01"], ["must overlap"]),
        (["figure=trust", "from=soon"], ["YYYY-MM-DD"]),
        (["figure=trust", "from=2026-01-01", "to=2025-01-01"], ["an earlier day and a later"]),
        (["figure=trust", "by=paths"], ["must be path"]),
        (["figure=trust", "what_ifs=oas_never"], ["in a comparison"]),
        (["figure=levels", "dyads=COL-PER"], ["takes nothing"]),
        (["dyads=COL-PER"], ["needs a figure"]),
        (["dyad=COL-PER"], ["no such key", "dyads"]),
        (["size=85"], []),
        (["figure=trust", "size=8500mm"], ["40 to 600 mm"]),
        (["figure=trust", "size=wide"], ["85mm"]),
        (["figure=trust", "language=eo"], ["must be one of"]),
        (["figure=trust", "format=bmp"], ["must be one of"]),
        (["figure=trust", "style=nothing.mplstyle"], ["style sheet"]),
    ],
)
def test_bad_words_are_refused_and_make_no_folder(words, told, shared_run, in_empty_folder, capsys):
    status = main(["plot", str(shared_run), *words, "output=made"])
    if told:
        assert status == BAD_INPUT
        error = capsys.readouterr().err
        assert all(part in error for part in told), error
        assert not list(in_empty_folder.iterdir())
    else:
        assert status == DONE


def test_a_figure_for_a_paper(shared_run, in_empty_folder, capsys):
    words = ["figure=trust", "dyads=[PER-MEX,COL-PER]", "size=85mm", "format=pdf,svg,png"]
    assert main(["plot", str(shared_run), *words, "output=paper"]) == DONE
    assert {p.name for p in in_empty_folder.iterdir()} == {
        "paper.pdf",
        "paper.svg",
        "paper.png",
        "paper.csv",
    }
    assert (in_empty_folder / "paper.pdf").read_bytes().startswith(b"%PDF")
    rows = pd.read_csv("paper.csv")
    assert set(zip(rows.sender, rows.target, strict=True)) == {
        ("PER", "MEX"),
        ("MEX", "PER"),
        ("COL", "PER"),
        ("PER", "COL"),
    }
    assert main(["plot", str(shared_run), *words, "output=paper"]) == BAD_INPUT
