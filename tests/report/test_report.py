"""The page: everything in it, self-contained, accessible, escaped, the same in Markdown."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import pytest

import sim
from sim.commands import BAD_INPUT, DONE, main
from sim.evaluation import evidence
from sim.inputs import scenario_file as scenarios
from sim.law.acts import INDEX
from sim.outcomes.words import act_in_words
from sim.report import fence, linked, render
from sim.report.answer import of_comparison, percent
from sim.report.assemble import one_page, page
from sim.results.run import Results
from sim.results.sealed_folder import seal
from sim.results.text_cells import markdown_text
from sim.studies.load import read
from tests.conftest import ROOT

PAIR = ("PER", "MEX")
SECTIONS = [
    "paths",
    "trust",
    "levels",
    "watch",
    "why",
    "what-ifs",
    "third-parties",
    "drawn-in",
    "consequences",
    "sensitivity",
    "believe",
    "record",
    "reproduce",
]


@pytest.fixture(scope="module")
def places(tmp_path_factory, shared_run, shared_comparison):
    base = tmp_path_factory.mktemp("reported")
    found = {"run": shared_run, "compare": shared_comparison, "sensitivity": base / "sensitivity"}
    words = ["samples=4", "replicates=1", "figures=false", "design=sobol", "over=[trust.*]"]
    where = f"output={found['sensitivity']}"
    assert main(["sensitivity", *words, "horizon_days=200", "workers=1", where]) == DONE
    return found


@pytest.fixture(scope="module")
def made(places):
    held = {name: read(place)[0] for name, place in places.items()}
    return page(held["run"], held["compare"], held["sensitivity"])


class Reader(HTMLParser):
    """Tags, ids, links, nesting and text of a page."""

    VOID = ("meta", "br", "hr", "img", "input", "link", "path", "use")

    def __init__(self):
        super().__init__()
        self.open, self.tags, self.ids, self.links, self.words = [], [], [], [], []

    def handle_starttag(self, tag, attrs):
        held = dict(attrs)
        self.tags.append((tag, held))
        if "id" in held:
            self.ids.append(held["id"])
        if tag == "a":
            self.links.append(held["href"])
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in self.VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        if tag not in self.VOID:
            assert self.open.pop() == tag, f"{tag} closes another element"

    def handle_data(self, data):
        self.words.append(data)


@pytest.fixture(scope="module")
def html(made):
    reader = Reader()
    reader.text = render(made, "html")
    reader.feed(reader.text)
    return reader


def test_every_section_is_there(made, html):
    assert [s.key for s in made.sections] == SECTIONS
    assert set(SECTIONS) <= set(html.ids)
    text = " ".join(html.words)
    for word in (
        "Mexico refuses asylum",
        "Data used",
        "reference class",
        "detente run replicates=40",
        "misionpolitica",
        "median",
    ):
        assert word in text


def test_the_page_needs_nothing_else(html):
    assert not html.open
    for tag, held in html.tags:
        assert tag not in ("script", "link", "iframe", "object", "img")
        for name in ("src", "srcset", "onload", "onclick"):
            assert name not in held
    assert not re.search(r"url\((?!#)", html.text)
    assert "default-src 'none'" in html.text


def test_the_page_is_accessible(html):
    assert html.tags[0] == ("html", {"lang": "en"})
    levels = [int(tag[1]) for tag, _ in html.tags if re.fullmatch(r"h\d", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))
    assert len(html.ids) == len(set(html.ids)), "ids are unique"
    assert {link[1:] for link in html.links if link.startswith("#")} <= set(html.ids)
    pictures = [held for tag, held in html.tags if tag == "svg"]
    assert len(pictures) >= 8
    for held in pictures:
        assert held["role"] == "img"
        assert len(held["aria-label"]) > 30
    for tag, held in html.tags:
        if held.get("class") == "frame":
            assert held["tabindex"] == "0"
            assert held["aria-label"]
        if tag == "th":
            assert held["scope"] in ("row", "col")


def test_sources_are_links_to_the_web_alone(html):
    outside = [held for tag, held in html.tags if tag == "a" and not held["href"].startswith("#")]
    assert len(outside) > 20
    for held in outside:
        assert re.match(r"https?://[\w.-]+", held["href"])
        assert "noopener" in held["rel"]


def luminance(colour):
    parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_text_stands_out_from_its_ground(html):
    colours = dict(re.findall(r"--(\w+): (#\w+);", html.text))
    full = {
        k: v if len(v) == 7 else "#" + "".join(2 * c for c in v[1:]) for k, v in colours.items()
    }
    for ink in ("ink", "soft", "link"):
        for ground in (full["tint"], "#ffffff"):
            ratio = (luminance(ground) + 0.05) / (luminance(full[ink]) + 0.05)
            assert ratio >= 4.5, (ink, ground)  # WCAG 2.1, 1.4.3


def test_markdown_says_the_same(made, html):
    text = render(made, "md")
    for section in made.sections:
        assert f"## {section.title}" in text
    for _, sentence in made.answer:
        assert markdown_text(sentence) in text
        assert sentence in " ".join(html.words)
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert len(rows) > 100
    blocks = re.split(r"\n\n+", text)
    for block in blocks:
        lines = block.splitlines()
        if lines and lines[0].startswith("|"):
            assert len({len(re.findall(r"(?<!\\)\|", line)) for line in lines}) == 1, lines[0]
            assert re.fullmatch(r"\|(---:?\|)+", lines[1]), lines[1]
    assert "<svg" not in text


@pytest.mark.parametrize(
    "text",
    [
        "[y](https://evil.example)",
        r"\[y](https://evil.example)",
        "# head",
        "- item",
        "1. item",
        "1) item",
        "---",
        "+ item",
        "**bold**",
        "~~gone~~",
        "_it_",
        "`code`",
        "<b>b</b>",
        "a | b",
        "&lt;b&gt;",
        "![x](y)",
        r"\\",
        "=== ",
    ],
)
def test_markdown_shows_what_was_written(text):
    """Read by a Markdown parser, the words of a user are words again, and nothing else."""
    from markdown_it import MarkdownIt

    held = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(markdown_text(text))
    assert [token.type for token in held] == ["paragraph_open", "inline", "paragraph_close"]
    kinds = {child.type for child in held[1].children}
    assert kinds <= {"text", "text_special"}, kinds
    assert "".join(child.content for child in held[1].children) == text.strip()


def test_links_are_made_of_whole_addresses_alone():
    for text in ("see https://[draft", "https:///x", "https://"):
        assert "<a" not in linked(text)
    assert linked("(https://a.example/x).") == (
        '(<a href="https://a.example/x" rel="noopener noreferrer">a.example</a>).'
    )
    assert fence("a ```` b") == "`" * 5


def test_numbers_of_the_answer_are_the_runs(places, made):
    s = Results.load(places["run"]).summary
    told = " ".join(text for _, text in made.answer)
    first = s["paths"]["PER-MEX"][0]
    assert first["path"] in told
    assert percent(first["probability"]) in told
    first = Results.load(places["run"]).to_pandas("replicates").severed
    assert f"severed at some time in {percent(first.notna().mean())}" in told
    assert percent(s["levels"]["PER-MEX"]["200"]["downgraded"]) in told
    heads = list(dict.fromkeys(head for head, _ in made.answer))
    assert heads[:3] == ["Answer", "Reference class", "Why"]
    assert heads[3:] == ["What to watch", "How sure", "What would change it"]
    assert all(sentence.endswith(".") for _, sentence in made.answer)


def test_the_turning_act_is_one_that_turned():
    results = sim.simulate("chavez_asylum_2025", replicates=40, seed=7, horizon_days=365, workers=1)
    why = next(s for s in page(results, None).sections if s.key == "why")
    told = [b.caption for b in why.blocks if getattr(b, "caption", "").startswith("Reasons: ")]
    assert len(told) == 1
    hit = re.match(r"Reasons: (.+?) on day (\d+) of replicate (\d+)", told[0])
    assert hit
    words, day, replicate = hit.groups()
    names = {act_in_words(act, *pair): act for act in INDEX for pair in (PAIR, PAIR[::-1])}
    act = names[words]
    rows = results.to_pandas("events")
    own = rows[(rows.replicate == int(replicate)) & (rows.act == act) & (rows.day == float(day))]
    assert len(own) == 1
    assert {own.iloc[0].sender, own.iloc[0].target} == {"PER", "MEX"}
    assert act in ("relations_severed", "ambassador_returned", "ambassador_expelled")


def test_a_turn_that_the_scenario_made_is_nobodys_choice():
    cut = {"kind": "act", "day": "2024-04-05", "sender": "MEX", "target": "ECU"}
    case = scenarios.load(
        "embassy_raid_2024", edits={"shocks": {"cut": {**cut, "act": "relations_severed"}}}
    )
    results = sim.simulate(case, replicates=12, seed=0, horizon_days=30, workers=1)
    why = next(s for s in page(results, None).sections if s.key == "why")
    told = [b.text for b in why.blocks if "not a state's choice" in getattr(b, "text", "")]
    assert len(told) == 1
    assert "severs relations" in told[0]
    assert "set by the scenario" in told[0]


def test_folders_of_unlike_worlds_make_no_page(places):
    run, study = read(places["run"])[0], read(places["compare"])[0]
    other = replace(
        run, config={**run.config, "parameters": {**run.config["parameters"], "trust.kappa": 0.1}}
    )
    with pytest.raises(sim.InputError, match=r"trust\.kappa"):
        page(other, study)


def test_a_comparison_alone_makes_a_page(places):
    study = read(places["compare"])[0]
    made = page(None, study)
    assert "asylum" in " ".join(of_comparison(study))
    text = render(made, "html")
    assert "detente compare replicates=40 horizon_days=200 &#39;what_ifs=[asylum_refused," in text
    assert [s.key for s in made.sections] == [
        "paths",
        "what-ifs",
        "sensitivity",
        "believe",
        "record",
        "reproduce",
    ]


def test_every_scenario_has_an_answer():
    for name in ("after_the_rupture_2025", "quiet_neighbours", "embassy_raid_2024"):
        results = sim.simulate(sim.load_scenario(name), replicates=6, horizon_days=40, workers=1)
        made = page(results, None)
        assert made.answer[0][0] == "Answer"
        assert "made in Python by sim.simulate" in render(made, "md")
        told = " ".join(text for _, text in one_page(results).answer)
        assert ("severed at some time" in told) == (name != "after_the_rupture_2025")


EVIL = "$x^$ <script>alert(1)</script> | <img src=x onerror=alert(2)> `x` [y](javascript:z)"


def test_text_of_the_users_is_never_markup(tmp_path, places):
    held = Results.load(places["run"])
    summary = json.loads(json.dumps(held.summary))
    summary["title"], summary["question"] = EVIL, EVIL
    scenario = {**held.config["scenario"], "title": EVIL, "sources": [EVIL]}
    made = page(replace(held, summary=summary, config={**held.config, "scenario": scenario}), None)
    html, text = render(made, "html"), render(made, "md")
    assert "<script" not in html
    assert "<img" not in html
    assert "&lt;script&gt;" in html
    assert not re.search(r"(?<!\\)<(script|img)", text)
    assert not re.search(r"(?<!\\)\[y", text)


def test_the_evidence_is_of_the_shipped_parameters():
    held = evidence.shipped()
    assert set(held) == set(evidence.SECTIONS)
    assert all(tree["current"] for tree in held.values()), "repeat detente backtest and validate"
    known = evidence.precedents()
    assert known["severances"] > known["severances_americas"] > 0


def test_words_of_the_parameter_file_change_no_evidence(tmp_path):
    text = (ROOT / "seeds" / "parameters.yaml").read_text(encoding="utf-8")
    file = tmp_path / "parameters.yaml"
    file.write_text("# a comment\n" + text.replace("assumed", "assumed by us"), encoding="utf-8")
    assert evidence.values_hash(file) == evidence.values_hash()
    assert "{value: 0.03," in text
    file.write_text(text.replace("{value: 0.03,", "{value: 0.031,"), encoding="utf-8")
    assert evidence.values_hash(file) != evidence.values_hash()


@pytest.mark.slow
def test_a_changed_rule_is_noticed(tmp_path):
    """In a copy of the program with one factor in one rule, which is compiled anew."""
    for name in ("sim", "configs", "scenarios", "seeds"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("_data"))
    rule = tmp_path / "sim" / "rules" / "trust.py"
    text = rule.read_text(encoding="utf-8")
    changed = text.replace(
        "share = -math.expm1(-strength)", "share = -1.01 * math.expm1(-strength)"
    )
    assert changed != text
    rule.write_text(changed, encoding="utf-8")
    told = subprocess.run(
        [sys.executable, "-c", "from sim.evaluation import evidence; print(evidence.rules_hash())"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        text=True,
        capture_output=True,
        check=True,
    )
    assert told.stdout.strip() not in ("", evidence.rules_hash())


def test_old_evidence_is_told(monkeypatch, places):
    monkeypatch.setattr(evidence, "rules_hash", lambda: "0" * 64)
    evidence.shipped.cache_clear()
    try:
        text = render(page(None, read(places["compare"])[0]), "md")
    finally:
        evidence.shipped.cache_clear()
    assert "Measured with other parameters or rules" in text


def test_evidence_keeps_its_other_section(tmp_path):
    file = tmp_path / "evidence.yaml"
    evidence.update(file, "skill", {"rows": []}, None)
    evidence.update(file, "facts", {"facts": []}, None)
    evidence.update(file, "skill", {"rows": [1]}, None)
    import yaml

    tree = yaml.safe_load(file.read_text())
    assert tree["skill"]["rows"] == [1]
    assert tree["facts"]["facts"] == []
    file.write_text("a: 1\n")
    with pytest.raises(sim.InputError, match="no file of evidence"):
        evidence.update(file, "skill", {}, None)


def test_the_command_writes_both_files(places, tmp_path, capsys):
    target = tmp_path / "pages" / "crisis"
    assert main(["report", str(places["run"]), f"output={target}"]) == DONE
    told = capsys.readouterr().out
    assert "crisis.html" in told
    assert (tmp_path / "pages" / "crisis.md").read_text().startswith("# Asylum")
    first = (tmp_path / "pages" / "crisis.html").read_bytes()
    assert main(["report", str(places["run"]), f"output={target}", "markdown=false"]) == BAD_INPUT
    assert "is not overwritten" in capsys.readouterr().err
    again = tmp_path / "again.html"
    assert main(["report", str(places["run"]), f"output={again}", "markdown=false"]) == DONE
    assert again.read_bytes() == first, "the same bytes"


def test_bad_folders(places, tmp_path, capsys):
    run = str(places["run"])
    for words, told in (
        ([], "name the folder"),
        ([str(tmp_path)], "not a complete results folder"),
        ([run, run], "a page shows only one run"),
        ([str(places["sensitivity"])], "needs a run"),
        ([run, "html=maybe"], "must be true or false"),
        ([run, "htlm=true"], "no such key"),
        ([run, "html=false", "markdown=false"], "one of them"),
    ):
        assert main(["report", *words]) == BAD_INPUT
        assert told in capsys.readouterr().err
    other = tmp_path / "other"
    assert (
        main(
            [
                "run",
                "scenario=quiet_neighbours",
                "replicates=4",
                "horizon_days=20",
                "twin_replicates=0",
                "figures=false",
                f"output={other}",
            ]
        )
        == DONE
    )
    capsys.readouterr()
    assert main(["report", str(other), str(places["compare"])]) == BAD_INPUT
    assert "must have the same settings" in capsys.readouterr().err
    torn = tmp_path / "torn"
    torn.mkdir()
    Results.load(other).write_files(torn)
    seal(torn)
    (torn / "paths.csv").write_text("gone")
    assert main(["report", str(torn)]) == BAD_INPUT
    assert "damaged" in capsys.readouterr().err


def test_a_run_of_another_program_is_reported_without_its_reasons(places):
    held = Results.load(places["run"])
    edits = {**held.provenance["parameter_edits"], "rates.hostile_longrun": 0.02}
    made = page(replace(held, provenance={**held.provenance, "parameter_edits": edits}), None)
    told = next(s for s in made.sections if s.key == "why").blocks[0].text
    assert told.startswith("No reasons")
