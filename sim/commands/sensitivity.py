"""Find which parameters drive an outcome: Sobol, Morris or Latin-hypercube design, in one run.

usage: detente sensitivity [key=value ...]
       detente sensitivity design=sobol samples=64 over=[trust.*,leader.*] outcome=severed_at_365
       detente sensitivity design=lhs samples=500 discover=high
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.commands import DONE
from sim.errors import InputError
from sim.inputs.data_root import data_root

if TYPE_CHECKING:
    from sim.commands._hydra.compose import Composer, Request
    from sim.ensemble.spec import Spec
    from sim.outcomes.expression import Outcome
    from sim.outcomes.measures import Measures
    from sim.results.study import Study
    from sim.studies.parameter_space import Space


def usage() -> str:
    """What ``--help`` prints: the primary configuration, comments and all."""
    text = (data_root() / "configs" / "sensitivity.yaml").read_text(encoding="utf-8")
    return f"{(__doc__ or '').rstrip()}\n\n{text}"


def main(args: list[str]) -> int:
    """Compose the configuration with Hydra and analyse."""
    from sim.commands._hydra.entry import compose_and_call

    return compose_and_call("sensitivity", args, one)


def one(request: Request, composer: Composer) -> int:
    """Check, simulate, analyse, write and print one design; return the exit status."""
    from sim.commands._hydra.compose import folder_for
    from sim.commands._hydra.run_spec import specification
    from sim.commands._screens.studies import finish, show_sensitivity
    from sim.ensemble.executors import check_kind
    from sim.outcomes.expression import Outcome, default_outcome
    from sim.outcomes.measures import measure_names
    from sim.studies import parameter_space as spaces
    from sim.studies import sensitivity
    from sim.studies.discovery import check_wanted

    config = {**request.config, "uncertainty": False}
    check_kind(config["executor"], config["address"])
    check_wanted(config["discover"])
    spec = specification(type(request)(config, request.given, request.words))
    asked = config["outcome"] or default_outcome(spec)
    if config["given"] is not None:
        Outcome(config["given"], measure_names(spec), "given")
        asked = f"given({asked}, {config['given']})"
    outcome = Outcome(asked, measure_names(spec))
    over = config["over"] if isinstance(config["over"], list) else [config["over"]]
    space = spaces.space_of([str(word) for word in over], config["span"], _ranges(config))
    _whole(config, "samples")
    shares = spaces.shares_of(config["design"], space, config["samples"], config["seed"])
    plan = sensitivity.planned(spec, space, shares, spec.settings.replicates)
    folder = folder_for(request, spec.scenario.name, "sensitivity")
    table = simulated(plan, outcome, config)
    study = studied(plan, space, shares, outcome, table, config)
    study.provenance = {"command": composer.line(request.words), **study.provenance}
    finish(study, folder, bool(config["figures"]), show_sensitivity)
    return DONE


def _whole(config: dict[str, Any], key: str) -> None:
    if not isinstance(config[key], int) or isinstance(config[key], bool):
        raise InputError(key, "must be a whole number", config[key])


def _ranges(config: dict[str, Any]) -> dict[str, list[float]]:
    """Ranges of the command line: {trust: {negativity: [1, 4]}} or dotted names."""
    found: dict[str, list[float]] = {}

    def walk(tree: Any, prefix: str) -> None:
        for key, value in tree.items():
            if isinstance(value, dict):
                walk(value, f"{prefix}{key}.")
            elif isinstance(value, list):
                found[f"{prefix}{key}"] = value
            else:
                raise InputError(f"ranges.{prefix}{key}", "must be [low, high]", value)

    if config["ranges"] is not None:
        if not isinstance(config["ranges"], dict):
            raise InputError(
                "ranges", "must name parameters: {trust.negativity: [1, 4]}", config["ranges"]
            )
        walk(config["ranges"], "")
    return found


def simulated(plan: Spec, outcome: Outcome, config: dict[str, Any]) -> Measures:
    """Each measure of the outcome [row of the design]; Ctrl-C keeps the finished blocks."""
    from functools import partial

    from sim.commands._screens.terminal import estimate, progress
    from sim.ensemble.checkpoint import release, simulate_keeping
    from sim.ensemble.executors import opened
    from sim.ensemble.spec import worker_count
    from sim.studies.sensitivity import block_of

    assert plan.design
    names = sorted(outcome.names)
    workers = worker_count(plan.settings.model_copy(update={"workers": config["workers"]}))
    points, repeat = len(plan.design.points), plan.design.repeat
    estimate(plan, workers, held=0)
    with (
        opened(config["executor"], workers, config["address"]) as site,
        progress(
            "replicates", plan.settings.replicates, lambda: f"{points:,} points of {repeat}"
        ) as on_progress,
    ):
        # blocks that were kept may be of another outcome
        found = simulate_keeping(
            site,
            {"": plan},
            partial(block_of, names),
            on_progress,
            site.blocks_each(1),
            lambda kept: set(kept) == set(names),
        )
    release(plan)
    return found[""]


def _summary(
    plan: Spec,
    space: Space,
    outcome: Outcome,
    points: int,
    y: Any,
    cells: Any,
    config: dict[str, Any],
) -> dict[str, Any]:
    """The summary of an analysis, from outcomes ``[point]`` and ``[point, replicate]``."""
    import numpy as np

    from sim.studies import sensitivity

    assert plan.design
    return {
        "kind": "sensitivity",
        "scenario": plan.scenario.name,
        "title": plan.scenario.title,
        "information_date": plan.scenario.information_date.isoformat(),
        "horizon_days": plan.horizon,
        "design": config["design"],
        "index": sensitivity.MAIN[config["design"]],
        "samples": config["samples"],
        "span": config["span"],
        "parameters": list(space.names),
        "points": points,
        "replicates": plan.design.repeat,
        "seed": config["seed"],
        "outcome": outcome.text,
        "mean": float(y.mean()),
        "sd_over_points": float(y.std(ddof=1)),
        "monte_carlo_error": float(np.sqrt((cells.var(axis=1, ddof=1) / plan.design.repeat).mean()))
        if plan.design.repeat > 1 and not np.isnan(cells).any()
        else None,
    }


def studied(
    plan: Spec, space: Space, shares: Any, outcome: Outcome, table: Measures, config: dict[str, Any]
) -> Study:
    """Tables and summary of an analysis."""
    import numpy as np
    import pyarrow as pa

    from sim.ensemble.config_hash import resolved
    from sim.results.provenance import provenance
    from sim.results.study import Study
    from sim.studies import discovery, sensitivity

    assert plan.design
    design, seed = config["design"], config["seed"]
    y, cells = sensitivity.by_point(outcome, table, plan.design.repeat)
    own = len(shares)
    drawn = {"sobol": slice(0, own, len(space.names) + 2), "lhs": slice(0, own)}.get(design)
    rows = {
        "indices": sensitivity.indices(design, space, shares, y[:own], seed),
        "convergence": sensitivity.convergence(
            design, space, shares, y[:own], config["samples"], seed
        ),
        "tornado": sensitivity.tornado(space, cells[own:]),
        "variance": [] if drawn is None else sensitivity.variance(cells[drawn], seed),
    }
    tables = {name: pa.Table.from_pylist(found) for name, found in rows.items() if found}
    columns = {name: plan.design.points[:, k] for k, name in enumerate(space.names)}
    tables["points"] = pa.table(
        {
            "point": np.arange(len(y)),
            "design": np.repeat([design, "tornado"], [own, len(y) - own]),
            **columns,
            "outcome": y,
        }
    )
    summary = _summary(plan, space, outcome, len(y), y[:own], cells[:own], config)
    summary["variance"] = rows["variance"]
    if config["discover"] != "none":
        summary["discovery"] = discovery.box(
            space, plan.design.points[:own], y[:own], config["discover"]
        )
    return Study(
        summary,
        provenance(plan),
        resolved(plan)
        | {key: config[key] for key in ("design", "samples", "over", "span", "ranges")},
        tables,
    )
