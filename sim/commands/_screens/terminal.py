"""What the terminal shows: tables, the summary of a run, progress."""

from __future__ import annotations

import io
import os
import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

from sim.errors import visible

if TYPE_CHECKING:
    from sim.ensemble.spec import Spec

EVERY = 5.0
"""Seconds between two lines of progress if stderr is not a terminal."""


NUMBER = r"[-+−±]?\d[\d.,]*\u00a0?%?"
WHOLE = re.compile(rf"(?:day \d+ )?(?:{NUMBER} )?\({NUMBER} to {NUMBER}\)|{NUMBER} to {NUMBER}")
"""Intervals, with the number before them: they are not broken at the end of a line."""
GAP = 2
"""Spaces between two columns."""
NARROW = 12
"""Width down to which a column of words may be cut."""
HOLD = "\ue000"
"""Stands for a space that must not break while a text is wrapped (private use area)."""
BOLD, PLAIN = "\ue001", "\ue002"
"""Begin and end of bold text (private use area): what users write is never taken for markup."""


def bold(text: str) -> str:
    """The text between the marks that :func:`styled` reads."""
    return f"{BOLD}{text}{PLAIN}"


def styled(text: str, style: str = "") -> Text:
    """The text with what :func:`bold` marked in bold; brackets in it are brackets."""
    found = Text(style=style)
    for place, part in enumerate(re.split(f"[{BOLD}{PLAIN}]", text)):
        found.append(visible(part), "bold" if place % 2 else None)
    return found


class Screen(Console):
    """A console that wraps text at words and keeps an interval on one line."""

    def print(self, *objects: Any, **more: Any) -> None:
        """Print as rich does; a single text is wrapped first."""
        if len(objects) != 1 or not isinstance(objects[0], str) or more.get("soft_wrap"):
            super().print(*objects, **more)
            return
        for line in self.lines(objects[0]):
            super().print(line, soft_wrap=True, **more)

    def lines(self, words: str, style: str = "") -> list[Text]:
        """The lines of a text as wide as the screen; none breaks an interval.

        The further lines of an indented text are indented by two more.
        """
        text = styled(words, style)
        text.plain = WHOLE.sub(lambda hit: hit[0].replace(" ", HOLD), text.plain)
        indent = len(text.plain) - len(text.plain.lstrip(" "))
        hanging = indent + 2 if 0 < indent < self.width // 2 else 0
        found = list(text.wrap(self, self.width - hanging))
        for place, line in enumerate(found):
            line.plain = line.plain.replace(HOLD, " ")
            if place and hanging:
                line.pad_left(hanging)
        return found


_ASIDE: list[Screen] = []
"""Screens that stand in for the console, the last one first."""


def console() -> Screen:
    """Where a command prints: the console, or the file that :func:`aside` writes."""
    return _ASIDE[-1] if _ASIDE else _own_console()


@contextmanager
def aside(width: int = 110) -> Iterator[io.StringIO]:
    """What is printed inside the ``with`` block goes into a text, and not on the console."""
    text = io.StringIO()
    _ASIDE.append(Screen(width=width, file=text, highlight=False, markup=False, emoji=False))
    try:
        yield text
    finally:
        _ASIDE.pop()


@lru_cache(maxsize=2)
def _own_console() -> Screen:
    """The console; without a terminal it is as wide as COLUMNS says, or 150 columns."""
    known = sys.stdout.isatty() or os.environ.get("COLUMNS")
    return Screen(width=None if known else 150, highlight=False, markup=False, emoji=False)


def _size(cell: str) -> int:
    """Columns that the longest line of a cell takes on the screen, without its markup."""
    return max(line.cell_len for line in styled(cell).split(allow_blank=True))


def _widths(
    columns: list[str],
    rows: list[list[str]],
    shown: list[int],
    least: list[int],
    unbroken: set[int],
) -> dict[int, int]:
    """Width of each column: all it needs if there is room, else columns of words share the rest."""
    natural = {k: max([len(columns[k]), *(_size(row[k]) for row in rows)]) for k in shown}
    room = console().width - GAP * (len(shown) - 1)
    if sum(natural.values()) <= room:
        return natural
    width = {k: least[k] for k in shown if k in unbroken}
    words = {k: natural[k] for k in shown if k not in unbroken}
    while words:
        part = (room - sum(width.values())) / sum(words.values())
        small = [k for k in words if words[k] * part < least[k]]
        if not small:
            return width | {k: min(words[k], int(words[k] * part)) for k in words}
        width |= {k: least[k] for k in small}
        words = {k: words[k] for k in words if k not in small}
    # not even the longest words fit: the widest columns of words break them
    over = sum(width.values()) - room
    for k in sorted(set(shown) - unbroken, key=lambda k: -width[k]):
        cut = min(max(over, 0), max(width[k] - NARROW, 0))
        width[k] -= cut
        over -= cut
    return width


def table(
    title: str,
    columns: list[str],
    rows: list[list[str]],
    right: tuple[int, ...] = (),
    whole: tuple[int, ...] = (),
    optional: tuple[int, ...] = (),
) -> Group:
    """A title and a plain table that fit the terminal; numbers and intervals stay on one line.

    Parameters
    ----------
    right
        Columns of numbers, set right and never broken.
    whole
        Columns of names, never broken.
    optional
        Columns that are left out of a narrow terminal, the last one first.
    """
    least = [
        max(
            [
                max(map(len, name.split()), default=0),
                *(
                    _size(row[k])
                    if k in right or k in whole
                    else max(map(len, row[k].split()), default=0)
                    for row in rows
                ),
            ]
        )
        for k, name in enumerate(columns)
    ]
    shown = list(range(len(columns)))
    for k in reversed(optional):
        if sum(least[j] + GAP for j in shown) - GAP > console().width:
            shown.remove(k)
    width = _widths(columns, rows, shown, least, {*right, *whole})
    made = Table(box=None, pad_edge=False, header_style="bold")
    for k in shown:
        side: Literal["left", "right"] = "right" if k in right else "left"
        made.add_column(styled(columns[k]), justify=side, overflow="fold", width=width[k])
    for row in rows:
        made.add_row(*(styled(row[k]) for k in shown))
    return Group(*console().lines(title, "italic"), made)


def estimate(spec: Spec, workers: int, runs: int = 1, held: int | None = None) -> None:
    """Print what large work needs, before it begins; small work is not estimated.

    Raises
    ------
    InputError
        If it does not fit into memory or disk.
    """
    from sim.ensemble import needs

    if not needs.is_large(spec, runs):
        return
    found = needs.needs_of(spec, workers, runs, held)
    settings, states = spec.settings, len(spec.scenario.states)
    size = f"{runs:,} times " if runs > 1 else ""
    size += f"{settings.replicates:,} replicates of {spec.horizon} days, {states} states"
    print(f"estimate: {found.told()} ({size}, {workers} workers)", file=sys.stderr, flush=True)
    needs.refuse_excess(spec, found, needs.free_memory(), needs.free_disk())


@contextmanager
def progress(
    what: str, total: int, note: Callable[[], str] = str
) -> Iterator[Callable[[int], None]]:
    """Show progress of ``total`` units on stderr: a bar on a terminal, else a line now and then.

    ``note`` returns further text (points done, failures).
    """
    if sys.stderr.isatty():
        from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

        bar = Progress(
            TextColumn(what),
            BarColumn(),
            TextColumn("{task.completed:,}/{task.total:,}"),
            TextColumn("{task.fields[note]}"),
            TextColumn("{task.fields[rate]}"),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            transient=True,
        )
        begun = time.monotonic()
        with bar:
            task = bar.add_task(what, total=total, note=note(), rate="")

            def moved(count: int) -> None:
                done = bar.tasks[0].completed + count
                rate = f"{done / max(1e-9, time.monotonic() - begun):,.0f}/s"
                bar.update(task, advance=count, note=note(), rate=rate)

            yield moved
        return
    done, start, last = 0, time.monotonic(), time.monotonic()

    def told(count: int) -> None:
        nonlocal done, last
        done += count
        now = time.monotonic()
        if now - last >= EVERY and done:
            last = now
            rate = done / (now - start)
            more = f", {note()}" if note() else ""
            print(
                f"{what}: {done:,} of {total:,}{more}, {rate:,.0f}/s, about "
                f"{(total - done) / rate:.0f} s left",
                file=sys.stderr,
                flush=True,
            )

    yield told
