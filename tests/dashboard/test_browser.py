"""The page of the dashboard in a real browser."""

from __future__ import annotations

import base64
import io
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.commands import dashboard

CHROMIUM = next(
    (
        path
        for name in ("chromium", "chromium-browser", "google-chrome")
        if (path := shutil.which(name))
    ),
    None,
)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
pytestmark = pytest.mark.slow
EVIL = "<img src=x onerror=document.title='broken-into'> **bold** <b>b</b>"


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """A page of a scenario whose words are hostile, and its address."""
    place = tmp_path_factory.mktemp("served")
    text = (Path(sim.__file__).parent.parent / "scenarios" / "chavez_asylum_2025.yaml").read_text()
    text = (
        text.replace("name: chavez_asylum_2025", "name: mine")
        .replace(
            "title: Asylum for Betssy Chávez in the Mexican residence in Lima",
            f"title: {json.dumps(EVIL)}",
        )
        .replace("title: Mexico refuses asylum", f"title: {json.dumps('refused ' + EVIL)}")
    )
    (place / "mine.yaml").write_text(text)
    port = dashboard.free_port("127.0.0.1", 0)
    words = ["dashboard", "scenario=mine.yaml", f"port={port}", "open=false", "replicates=60"]
    server = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys; from sim.commands import main; sys.exit(main(sys.argv[1:]))",
            *words,
        ],
        cwd=place,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    line = server.stdout.readline()
    assert f"http://127.0.0.1:{port}/" in line, server.stderr.read()
    yield f"http://127.0.0.1:{port}/"
    server.send_signal(2)
    assert server.wait(timeout=20) == 0


@pytest.fixture(scope="module")
def browser():
    if CHROMIUM is None:
        if os.environ.get("DETENTE_BROWSER") == "required":
            pytest.fail("no Chromium on this machine, and DETENTE_BROWSER=required")
        pytest.skip("no Chromium on this machine: the browser tests are left out")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        found = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield found
        found.close()


@pytest.fixture
def page(served, browser):
    """The page, loaded; errors and requests to elsewhere are gathered."""
    found = browser.new_page(viewport={"width": 1300, "height": 1100})
    found.trouble = []
    found.on("console", lambda m: found.trouble.append(m.text) if m.type == "error" else None)
    found.on("pageerror", lambda e: found.trouble.append(str(e)))
    found.on(
        "request",
        lambda r: (
            found.trouble.append(r.url)
            if not r.url.startswith((served, served.replace("http", "ws"), "data:", "blob:"))
            else None
        ),
    )
    found.goto(served)
    found.wait_for_selector("[data-name=baseline-region]", timeout=60_000)
    yield found
    assert found.trouble == []
    found.close()


def pixels(page, name):
    """The picture of that name as the browser shows it, ``[height, width, 3]``."""
    from PIL import Image

    shot = page.locator(f"[data-name={name}]").screenshot()
    return np.asarray(Image.open(io.BytesIO(shot)).convert("RGB")).astype(int)


def near(shot, colour, reach=40):
    """Share of pixels near a colour."""
    aim = np.array([int(colour[k : k + 2], 16) for k in (1, 3, 5)])
    return float((np.abs(shot - aim).max(axis=2) < reach).mean())


def day(page):
    return int(page.inner_text("[data-name=day]").split("day ")[1].split(" ")[0])


def settled(page):
    """The day, once it has been the same for two seconds: a slow machine still draws."""
    for _ in range(30):
        before = day(page)
        time.sleep(2.0)
        if day(page) == before:
            return before
    raise AssertionError("the days go on")


def steps(page, count):
    for _ in range(count):
        before = day(page)
        page.get_by_role("button", name="Step").click()
        page.wait_for_function(
            f"!document.querySelector('[data-name=day]').textContent.includes('day {before} of')",
            timeout=60_000,
        )


def shown(page, name):
    """Wait until the picture is that of the day which the page tells; its words."""
    found = page.locator(f"[data-name={name}][data-day='{day(page)}']")
    found.wait_for(timeout=60_000)
    return found.get_attribute("alt")


def test_it_loads_and_plays_ten_days(page):
    assert day(page) == 0
    assert "downgraded 100" in shown(page, "baseline-ladder")
    before = pixels(page, "baseline-ladder")
    page.get_by_role("button", name="▶").click()
    page.wait_for_function(
        "parseInt(document.querySelector('[data-name=day]').textContent.split('day ')[1]) >= 10",
        timeout=60_000,
    )
    page.get_by_role("button", name="❚❚").click()
    page.get_by_role("button", name="▶").wait_for()  # it is paused once the button says so
    reached = settled(page)
    assert 10 <= reached < 200, "it has stopped, and not at the horizon"
    told = shown(page, "baseline-ladder")
    after = pixels(page, "baseline-ladder")
    severed = float(told.split("severed ")[1].split(" ")[0]) if "severed" in told else 0.0
    assert severed > 0
    # the picture shows what its words say: the dark red of severed relations has come
    assert near(after, "#7a1f1f") > near(before, "#7a1f1f")
    assert "Mexico grants asylum" in page.inner_text("[data-name=baseline-log]")
    assert "decision of the host state" in page.inner_text("[data-name=baseline-log]")


def choose(page, label, name):
    page.get_by_label(label).click(force=True)
    page.get_by_role("option", name=name, exact=True).click()


def test_a_what_if_stands_beside_the_world_as_it_is(page):
    choose(page, "what-if", "asylum_refused")
    page.wait_for_selector("[data-name=whatif-region]", timeout=60_000)
    assert day(page) == 0
    steps(page, 6)
    one, other = shown(page, "baseline-ladder"), shown(page, "whatif-ladder")
    assert "severed" in one
    assert "severed" not in other
    assert near(pixels(page, "baseline-ladder"), "#7a1f1f") > near(
        pixels(page, "whatif-ladder"), "#7a1f1f"
    )
    assert "Mexico refuses asylum" in page.inner_text("[data-name=whatif-log]")
    assert "same draws" in page.inner_text("[data-name=day]")
    told = shown(page, "baseline-fan"), shown(page, "whatif-fan")
    page.get_by_role("button", name="Reset").click()
    page.wait_for_function(
        "document.querySelector('[data-name=day]').textContent.includes('day 0 of')", timeout=60_000
    )
    steps(page, 6)
    assert (shown(page, "baseline-fan"), shown(page, "whatif-fan")) == told, "the same again"


def test_a_moved_parameter_takes_effect_with_reset(page):
    steps(page, 3)
    before = shown(page, "baseline-fan")
    slider = page.locator(".v-input", has_text="trust.negativity").get_by_role("slider")
    slider.focus()
    for _ in range(12):
        slider.press("ArrowRight")
    assert shown(page, "baseline-fan") == before, "nothing moves before the reset"
    page.get_by_role("button", name="Reset").click()
    page.wait_for_function(
        "document.querySelector('[data-name=day]').textContent.includes('day 0 of')", timeout=60_000
    )
    steps(page, 3)
    assert shown(page, "baseline-fan") != before
    choose(page, "what-if", "oas_never")
    page.wait_for_selector("[data-name=whatif-region]", timeout=60_000)
    page.wait_for_function(
        "e => Math.abs(e.getAttribute('aria-valuenow') - 1) < 1e-6",
        arg=slider.element_handle(),
        timeout=60_000,
    )
    steps(page, 3)
    assert shown(page, "baseline-fan") == before, "another case has the parameters as they are"


def test_a_class_adds_an_act_jumps_and_keeps_a_link(page, served, browser):
    choose(page, "what-if", "oas_never")
    page.wait_for_selector("[data-name=whatif-title]", timeout=60_000)
    first = page.inner_text("[data-name=whatif-title]")
    choose(page, "what-if", "asylum_refused")
    page.wait_for_function(
        "t => document.querySelector('[data-name=whatif-title]').textContent != t",
        arg=first,
        timeout=60_000,
    )
    assert "refuse" in page.inner_text("[data-name=whatif-title]")
    page.get_by_role("textbox", name="act", exact=True).click(force=True)
    page.get_by_role("option", name="relations_severed", exact=True).click()
    page.get_by_role("button", name="add the act").click()
    page.wait_for_selector("[data-name=added]", timeout=60_000)
    page.get_by_role("button", name="go to day").click()
    page.wait_for_function(
        "document.querySelector('[data-name=day]').textContent.includes('day 30 of')",
        timeout=60_000,
    )
    assert "severed" in shown(page, "baseline-ladder")
    assert "Histogram of trust" in shown(page, "baseline-histogram")
    assert "trust.kappa" in page.inner_text("[data-name=values]")
    told = shown(page, "baseline-fan")
    address = page.get_attribute("[data-name=link]", "href")
    again = browser.new_page(viewport={"width": 1300, "height": 1100})
    again.goto(served + address)
    again.wait_for_selector("[data-name=whatif-fan][data-day='30']", timeout=60_000)
    assert again.get_attribute("[data-name=baseline-fan]", "alt") == told, "the same state"
    again.close()


def test_another_replicate_can_be_followed(page):
    slider = page.locator(".v-input", has_text="replicate whose acts").get_by_role("slider")
    slider.focus()
    slider.press("ArrowRight")
    time.sleep(2.0)  # the server's answer has come and moves nothing any more
    chosen = int(float(slider.get_attribute("aria-valuenow")))
    assert chosen >= 1
    page.get_by_role("button", name="Reset").click()
    page.wait_for_function(
        "document.querySelector('[data-name=baseline-log]').textContent"
        f".includes('replicate {chosen}')",
        timeout=60_000,
    )


def test_on_a_phone_the_controls_can_be_put_away(served, browser):
    phone = browser.new_page(viewport={"width": 390, "height": 850})
    phone.goto(served)
    phone.wait_for_selector("[data-name=baseline-region]", timeout=60_000)
    box = "document.querySelector('.v-navigation-drawer').getBoundingClientRect()"
    phone.wait_for_function(f"{box}.width < 340 && {box}.x >= 0", timeout=60_000)
    phone.mouse.click(375, 500)  # beside the drawer
    phone.wait_for_function(f"{box}.x < -200", timeout=60_000)
    phone.close()


def test_another_scenario_can_be_chosen(page):
    choose(page, "scenario", "quiet_neighbours")
    page.wait_for_function(
        "document.querySelector('[data-name=title]').textContent.includes('quiet')", timeout=60_000
    )
    steps(page, 2)
    assert page.locator("[data-name=fault]").count() == 0


def test_words_of_a_scenario_are_never_markup(page):
    assert page.inner_text("[data-name=title]") == EVIL
    assert page.locator("[data-name=title] img, [data-name=title] b").count() == 0
    choose(page, "what-if", "asylum_refused")
    page.wait_for_selector("[data-name=whatif-title]", timeout=60_000)
    assert page.inner_text("[data-name=whatif-title]") == f"refused {EVIL}"
    assert page.title() != "broken-into"


def test_a_narrow_screen_has_no_sideways_scroll(page):
    page.set_viewport_size({"width": 390, "height": 900})
    page.wait_for_function("document.documentElement.scrollWidth <= 392", timeout=60_000)
    page.wait_for_function(
        "document.querySelector('[data-name=baseline-fan]').getBoundingClientRect().width > 250",
        timeout=60_000,
    )
    address = page.get_attribute("[data-name=baseline-fan]", "src")
    assert base64.b64decode(address.split(",")[1])[:4] == b"\x89PNG"
