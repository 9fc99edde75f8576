"""Where the project's data lie: an override, the checkout, or the installed package."""

from __future__ import annotations

import os
from functools import lru_cache
from importlib.resources import files
from pathlib import Path


@lru_cache(maxsize=1)
def data_root() -> Path:
    """The folder that holds ``configs``, ``scenarios`` and ``seeds``.

    ``DETENTE_DATA`` wins; a checkout (editable install) has them beside ``sim``; a wheel carries
    them in ``sim/_data``.
    """
    override = os.environ.get("DETENTE_DATA")
    if override:
        return Path(override).resolve()
    package = Path(str(files("sim")))
    beside = package.parent
    return (
        beside
        if (beside / "scenarios").is_dir() and (beside / "seeds").is_dir()
        else (package / "_data")
    )
