"""Draw figures of results folders: trust of any dyad over any span, or all figures again.

usage: detente plot RUN figure=trust dyads=[PER-MEX,COL-PER] from=2022-01-01 to=2026-06-30
       detente plot RUN RUN figure=trust           several runs in one figure
       detente plot RUN figure=trust by=path       trust on each of the likeliest paths
       detente plot COMPARISON figure=trust what_ifs=[oas_never] size=85mm format=pdf
       detente plot RESULTS                        every figure of the folder, into RESULTS-figures

PER-MEX is both directions of a pair, PER>MEX one. Each figure's numbers are written beside it as
CSV. `detente list figures` shows the figures of each kind of results.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.commands import DONE
from sim.errors import InputError

if TYPE_CHECKING:
    from sim.figures.look import Look


def usage() -> str:
    """What ``--help`` prints."""
    from sim.commands._hydra.plain import usage_of

    return usage_of("plot", __doc__)


def main(args: list[str]) -> int:
    """Read the folders, draw, write."""
    from sim.commands._hydra.folders import folders_of
    from sim.commands._hydra.plain import settings_of
    from sim.figures import same_kind
    from sim.studies.load import read

    places, given = folders_of(args)
    config = settings_of("plot", given)
    if config is None:
        return DONE
    if not places:
        remedy = "detente plot outputs/chavez_asylum_2025/… figure=trust"
        raise InputError("plot", "must name a results folder", "(nothing)", remedy=remedy)
    parts = [read(Path(place))[0] for place in places]
    same_kind(parts)
    look = look_of(config)
    name = config["figure"]
    words = {key: config[key] for key in WORDS if config[key] is not None}
    if name is None:
        return _all(places, parts, words, look, config["output"])
    return _one(places, parts, str(name), words, look, config["output"])


WORDS = ("dyads", "from", "to", "what_ifs", "by", "middle")
"""Settings that some figures take and others do not."""


def look_of(config: dict[str, Any]) -> Look:
    """The look that the settings ask for, checked."""
    from sim.figures.look import Look

    given = config["format"]
    formats = [given] if isinstance(given, str) else list(given)
    style = None if config["style"] is None else str(config["style"])
    size = None if config["size"] is None else str(config["size"])
    formats = [part.strip() for name in formats for part in str(name).strip("[]").split(",")]
    return Look(
        size, str(config["names"]), str(config["language"]), style, tuple(formats)
    ).checked()


def _all(
    places: list[str], parts: list[Any], words: dict[str, Any], look: Look, output: Any
) -> int:
    """Draw every figure of one folder."""
    from sim.figures import save_all
    from sim.results.sealed_folder import refuse_filled, refuse_unwritable, whole

    if len(parts) > 1:
        remedy = "for a folder of all figures name one: detente plot RESULTS output=FOLDER"
        raise InputError("figure", "must be named for several folders", "null", remedy=remedy)
    if words:
        key = next(iter(words))
        raise InputError(key, "needs a figure that takes it", words[key], remedy="figure=trust")
    target = Path(str(output or f"{places[0].rstrip('/')}-figures"))
    refuse_filled(target)
    refuse_unwritable(target)
    whole(target, lambda work: save_all(parts[0], work, parts[0].kind, look), sealed=False)
    print(f"figures: {target}")
    return DONE


def _one(
    places: list[str], parts: list[Any], name: str, words: dict[str, Any], look: Look, output: Any
) -> int:
    """Draw one figure of one or more folders."""
    from sim.figures import chosen, save
    from sim.figures.look import FORMATS, Look
    from sim.results.sealed_folder import refuse_existing, refuse_unwritable

    plot = chosen(parts[0], name, words, len(parts) > 1)
    stem = Path(str(output or f"{places[0].rstrip('/')}-{name}"))
    if stem.suffix.lstrip(".") in FORMATS:
        look = Look(look.size, look.names, look.language, look.style, (stem.suffix[1:],))
        stem = stem.with_suffix("")
    for ending in (*look.formats, "csv"):
        refuse_existing(stem.with_name(f"{stem.name}.{ending}"))
    refuse_unwritable(stem.parent)
    stem.parent.mkdir(parents=True, exist_ok=True)
    for file in save(plot, parts if len(parts) > 1 else parts[0], stem, look, words):
        print(f"written: {file}")
    return DONE
