"""The sweeper that Hydra calls: it lists the points and hands them to the subcommand."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from types import ModuleType
from typing import Any, ClassVar

from hydra._internal.core_plugins.basic_sweeper import BasicSweeper
from hydra.core.config_store import ConfigStore
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import ChoiceSweep, Override, RangeSweep
from hydra.core.plugins import Plugins
from hydra.plugins.sweeper import Sweeper
from hydra.types import HydraContext

from sim.errors import InputError

PLACE = "hydra_plugins.detente"
"""Hydra 1.3 instantiates plugins of this namespace alone. Ours is put there in memory: a package of
that name on disk would be loaded by every other Hydra application of the environment."""
Handle = Callable[[list[list[str]], list[str]], None]


class DetenteSweeper(Sweeper):
    """Lists every combination of lists, ranges, globs and choices, in Hydra's override grammar.

    Hydra's launchers compose the configuration again for each point, and they can neither resume a
    sweep nor record failures.
    """

    __module__ = PLACE
    handle: ClassVar[Handle]

    def __init__(self, params: dict[str, str] | None = None) -> None:
        self.params = params or {}

    def setup(self, *, hydra_context: HydraContext, task_function: Any, config: Any) -> None:
        """Called by Hydra before the sweep."""
        self.hydra_context = hydra_context

    def sweep(self, arguments: list[str]) -> Sequence[Any]:
        """List the points; the command line overrides the parameters of an experiment."""
        words = [f"{key}={value}" for key, value in self.params.items()]
        words += arguments
        assert self.hydra_context
        overrides = OverridesParser.create(self.hydra_context.config_loader).parse_overrides(words)
        last = {edit.get_key_element(): edit for edit in overrides}
        refuse_many(list(last.values()))
        swept = [edit.key_or_group for edit in last.values() if edit.is_sweep_override()]
        points = BasicSweeper.split_arguments(overrides, None)[0]
        type(self).handle([list(point) for point in points], swept)
        return []


MOST_POINTS = 100_000
"""Points of the largest sweep; each is a run and a file (assumed)."""


def refuse_many(edits: Sequence[Override]) -> None:
    """Check that a sweep has no more than ``MOST_POINTS`` points, before they are listed.

    Raises
    ------
    InputError
        If it has more.
    """
    total = 1
    for edit in edits:
        value = edit.value()
        if isinstance(value, RangeSweep) and value.start is not None and value.stop is not None:
            total *= max(1, int(abs((value.stop - value.start) / (value.step or 1))))
        elif isinstance(value, ChoiceSweep):
            total *= max(1, len(value.list))
    if total > MOST_POINTS:
        raise InputError(
            "options",
            f"a sweep has at most {MOST_POINTS:,} points",
            f"{total:,}",
            remedy="sweep fewer values, or sample the space: detente sensitivity",
        )


def register(handle: Handle) -> None:
    """Make ``DetenteSweeper`` the sweeper of this process; ``handle`` receives the points."""
    DetenteSweeper.handle = staticmethod(handle)  # type: ignore[assignment]
    Plugins.instance().register(DetenteSweeper)
    top, name = PLACE.split(".")
    try:
        space = import_module(top)  # other plugins of this environment live there
    except ImportError:
        space = sys.modules[top] = ModuleType(top)
        space.__path__ = []
    own = sys.modules[PLACE] = ModuleType(PLACE)
    own.DetenteSweeper = DetenteSweeper  # type: ignore[attr-defined]
    setattr(space, name, own)
    ConfigStore.instance().store(
        group="hydra/sweeper",
        name="detente",
        provider="detente",
        node={"_target_": f"{PLACE}.{DetenteSweeper.__name__}", "params": {}},
    )
