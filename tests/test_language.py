"""Translations: no text is missing, none is left over, placeholders and the screen are whole."""

from __future__ import annotations

import string

import pytest

from sim.commands import BAD_INPUT, DONE, main
from sim.language import LANGUAGES, catalogue, day_in_words, speaking, tr
from sim.outcomes.words import act_in_words, naming, path_in_words, state_in_words
from tests.messages import messages

OTHERS = [name for name in LANGUAGES if name != "en"]


def fields(text):
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name)


def test_spanish_is_there():
    assert "es" in OTHERS


@pytest.mark.parametrize("language", OTHERS)
def test_no_text_is_missing_and_none_is_left_over(language):
    known = catalogue(language)
    assert [text for text in messages() if not known.get(text)] == []
    assert set(known) - set(messages()) == set()


@pytest.mark.parametrize("language", OTHERS)
def test_placeholders_are_those_of_the_english_text(language):
    for text, other in catalogue(language).items():
        assert fields(text) == fields(other), text
        assert text[:1].isspace() == other[:1].isspace(), text
        assert text[-1:].isspace() == other[-1:].isspace(), text


def test_a_language_is_set_for_its_block_alone():
    assert tr("Answer") == "Answer"
    with speaking("es"):
        assert tr("Answer") == "Respuesta"
        assert act_in_words("relations_severed", "PER", "MEX") == (
            "Perú rompe las relaciones con México"
        )
        assert path_in_words("relations severed, then further turns; no ambassador at post") == (
            "relaciones rotas, luego otros cambios; ningún embajador en funciones"
        )
        from datetime import date

        assert "nov" in day_in_words(date(2025, 11, 3))
        with naming("codes"):
            assert state_in_words("PER") == "PER"
    assert act_in_words("relations_severed", "PER", "USA") == (
        "Peru severs relations with the United States"
    )


@pytest.mark.parametrize(
    ("act", "term"),
    [
        ("safe_conduct_granted", "salvoconducto"),
        ("agrement_granted", "asentimiento"),
        ("envoy_persona_non_grata", "persona non grata"),
        ("premises_raided", "locales de la misión"),
        ("good_offices_offered", "buenos oficios"),
        ("ambassador_recalled", "llama a consultas"),
    ],
)
def test_legal_terms_are_those_of_the_conventions(act, term):
    with speaking("es"):
        assert term in act_in_words(act, "PER", "MEX")


def test_the_first_screen_page_and_figures_in_spanish(in_empty_folder, capsys):
    small = ["replicates=20", "horizon_days=30", "twin_replicates=5", "workers=1", "expect=false"]
    assert main(["run", *small, "language=es", "output=r"]) == DONE
    screen = capsys.readouterr().out
    for part in (
        "Respuesta",
        "Clase de referencia",
        "Trayectorias de Perú y México",
        "archivos: r",
    ):
        assert part in screen
    assert "Answer" not in screen
    svg = (in_empty_folder / "r" / "figures" / "levels.svg").read_text(encoding="utf-8")
    assert "Nivel de las relaciones de Perú y México" in svg
    assert main(["report", "r", "pages=1", "language=es"]) == DONE
    page = (in_empty_folder / "r-report.html").read_text(encoding="utf-8")
    assert '<html lang="es">' in page
    assert "Hasta dónde creerlo" in page
    assert main(["report", "r", "language=es", "output=full", "html=false"]) == DONE
    assert "## Consecuencias" in (in_empty_folder / "full.md").read_text(encoding="utf-8")
    assert main(["run", *small, "language=eo", "output=x"]) == BAD_INPUT
