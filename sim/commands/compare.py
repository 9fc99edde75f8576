"""Compare a scenario with its what-ifs on the same draws: what would have changed it?

usage: detente compare [key=value ...]
       detente compare scenario=NAME what_ifs=[oas_never,asylum_refused] outcome=severed_at_365
       detente compare 'also={slow: "institutions.oas.delay_days=60 parameters.trust.kappa=0.04"}'
"""

from __future__ import annotations

import shlex
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sim.commands import DONE
from sim.errors import InputError, prefixed
from sim.home import data_root

if TYPE_CHECKING:
    from sim.commands._compose import Composer, Request
    from sim.effects import Variant, World

EDITS = ("what_if", "scenario", "parameters", "institutions")
"""What an intervention may edit: the world, and not how it is run."""


def usage() -> str:
    """What ``--help`` prints: the primary configuration, comments and all."""
    text = (data_root() / "configs" / "compare.yaml").read_text(encoding="utf-8")
    return f"{(__doc__ or '').rstrip()}\n\n{text}"


def main(args: list[str]) -> int:
    """Compose the configuration with Hydra and compare."""
    import gc

    from sim.commands._hydra import compose_and_call

    gc.set_threshold(200_000, 20, 20)  # imports and tables make much, and little of it is garbage
    return compose_and_call("compare", args, one)


def one(request: Request, composer: Composer) -> int:
    """One comparison: every world checked, then simulated, compared, written, printed."""
    from sim.commands._compose import folder_for
    from sim.commands._show import finish, show_comparison
    from sim.comparison import studied
    from sim.executors import check_kind
    from sim.measures import measure_names
    from sim.outcome import Outcome, default_outcome

    config = request.config
    check_kind(config["executor"], config["address"])
    variants = worlds_of(request, composer)
    spec = variants[0].spec
    outcome = Outcome(config["outcome"] or default_outcome(spec), measure_names(spec))
    folder = folder_for(request, spec.scenario.name, "compare")
    study = studied(simulated(variants, config), outcome)
    study.provenance = {"command": composer.line(request.words), **study.provenance}
    finish(study, folder, bool(config["figures"]), show_comparison)
    return DONE


def worlds_of(request: Request, composer: Composer) -> list[Variant]:
    """The baseline and every what-if, all checked before any is simulated."""
    from sim.commands._compose import GROUPS
    from sim.commands._hydra import check_keys
    from sim.commands.run import late_shocks, specification
    from sim.effects import BASELINE, Variant

    spec = specification(request)
    late_shocks(spec)
    shipped = spec.scenario.what_ifs
    wanted = request.config["what_ifs"]
    names = {"all": list(shipped), "none": []}.get(wanted) if isinstance(wanted, str) else wanted
    if names is None:
        names = [wanted]
    # every world is looked at for as long as the one without intervention
    alike = {**request.config, "horizon_days": spec.horizon, "until": None}
    found = [Variant.of(BASELINE, spec.scenario.title, spec)]
    for name in names:
        if name not in shipped:
            raise InputError("what_ifs", f"scenario {spec.scenario.name} has no such what-if", name,
                             shipped, "all, none, or a list of names: [one,other]")
        own = replace(request, config={**alike, "what_if": name})
        found.append(Variant.of(name, shipped[name].title, specification(own)))
    for name, text in _also(request.config["also"]).items():
        if name in names:
            raise InputError("also", "a name that a what-if of the scenario has", name)
        try:
            check_keys("compare", shlex.split(text), {group: [] for group in GROUPS})
            own = composer.extended(replace(request, config=alike), text, EDITS)
            found.append(Variant.of(name, text, specification(own)))
        except InputError as error:
            raise prefixed(error, f"also {name}") from error
    if len(found) == 1:
        raise InputError("what_ifs", "there is nothing to compare with",
                         f"what_ifs={wanted}, also={request.config['also']}", shipped,
                         "name a what-if, or give one of your own with also=")
    return found


def _also(given: Any) -> dict[str, str]:
    """What-ifs of the command line, by name; a list names each by its own words."""
    if given is None:
        return {}
    items = given.items() if isinstance(given, dict) else ((text, text) for text in (
        given if isinstance(given, list) else [given]))
    return {str(name): str(text) for name, text in items}


def simulated(variants: list[Variant], config: dict[str, Any]) -> list[World]:
    """Every world, read; on Ctrl-C the finished blocks are kept."""
    from sim.commands._keep import keep, kept, release
    from sim.commands._terminal import progress
    from sim.effects import World, done_blocks
    from sim.executors import opened
    from sim.experiment import joined
    from sim.spec import worker_count

    replicates = variants[0].spec.settings.replicates
    workers = worker_count(variants[0].spec.settings.model_copy(
        update={"workers": config["workers"]}))
    with (opened(config["executor"], workers, config["address"]) as site,
          progress("replicates", replicates * len(variants)) as told):
        hands = site.blocks_each(len(variants))
        done = {v.name: kept(v.spec, v.spec.blocks(hands)) for v in variants}
        told(sum(size for blocks in done.values() for _, size in blocks))
        try:
            for name, block, arrays in done_blocks(site, variants, done):
                done[name][block] = arrays
                told(block[1])
        except KeyboardInterrupt:
            for variant in variants:
                keep(variant.spec, done[variant.name])
            raise
    worlds = []
    for variant in variants:
        blocks = done.pop(variant.name)
        worlds.append(World.of(variant, joined([blocks[block] for block in sorted(blocks)])))
        release(variant.spec)
    return worlds

