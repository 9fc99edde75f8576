"""Parameter files: the model's numbers with value, interval, data set, window and code version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sim.errors import InputError
from sim.estimation.estimate import Estimate, Fit
from sim.estimation.long_run_rates import Pool
from sim.estimation.memory_weights import kinds
from sim.inputs.parameter_rows import PLAIN, read_parameters
from sim.inputs.parameters import Parameter
from sim.inputs.yaml_file import read_yaml
from sim.law.acts import ACTS

HEADER = """\
# Every number of the model that is not law: value, unit, admissible range, prior, source.
# prior: standard deviation of a normal draw around the value, cut off at two deviations and at the
# range; 0 means the value is not drawn. "assumed" marks a judgement without data behind it,
# "estimated" what `detente calibrate` found; intervals are of 90 %.
"""


@dataclass(frozen=True)
class EstimateSource:
    """Where estimates come from: data set, window, rows, directed dyads, version of the code."""

    data: str
    window: str
    rows: int
    dyads: int
    code: str

    def told(self, estimate: Estimate) -> str:
        """The source of one estimate, in words."""
        low, high = estimate.interval
        words = (
            f"estimated: {self.data}, {self.window}, {self.dyads:,} directed dyads; SE "
            f"{estimate.hessian:.2g} (curvature), {estimate.bootstrap:.2g} (bootstrap of "
            f"pairs); 90 % {low:.3g} to {high:.3g}"
        )
        return words + ("; at its bound" if estimate.at_bound else "")


def share_values(fit: Fit) -> dict[str, tuple[float, float, float]]:
    """Shares of the acts in their class, by act: value, 0 to 1, and ends of the 90 % interval.

    The values of a class sum to 1; mild and severe acts divide it as the pool has them. Acts that
    one code stands for divide the share of their kind as in the repertoire.
    """
    values = {name: estimate.value for name, estimate in fit.estimates.items()}
    errors = {name: estimate.error for name, estimate in fit.estimates.items()}
    return {
        name: (share, share * np.exp(-1.645 * error), share * np.exp(1.645 * error))
        for name, (share, kind) in act_shares(values, fit.pool).items()
        for error in [errors.get(kind, 0.0)]
    }


def act_shares(values: Mapping[str, float], pool: Pool) -> dict[str, tuple[float, str]]:
    """Shares of the acts in their class, 0 to 1, and the names of their kinds, by act.

    ``values``: log shares of kinds, by name; those that it lacks are of the repertoire.
    """
    found: dict[str, tuple[float, str]] = {}
    mild, severe, _ = pool.mean
    of_class = mild / (mild + severe), severe / (mild + severe), 1.0
    for whole, groups in zip(of_class, kinds(), strict=True):
        names = [f"shares.{ACTS[group[0]].name}" for group in groups]
        inside = [sum(ACTS[a].share for a in group) for group in groups]
        logs = [values.get(n, float(np.log(i))) for n, i in zip(names, inside, strict=True)]
        total = float(np.exp(logs).sum()) / whole
        for group, name, log, of_kind in zip(groups, names, logs, inside, strict=True):
            for a in group:
                share = float(np.exp(log)) * ACTS[a].share / of_kind / total
                found[ACTS[a].name] = (share, name)
    return found


def render(
    base: Mapping[str, Parameter],
    fit: Fit | None,
    origin: EstimateSource | None,
    others: Mapping[str, tuple[float, float, str]],
    about: Mapping[str, Any],
    kept: Mapping[str, Any],
) -> str:
    """The text of a parameter file.

    Parameters
    ----------
    base
        Parameters to start from.
    fit, origin
        Estimates that replace those of the same name, and where they come from.
    others
        Further estimates by name: value, standard deviation and source (restoration, asylum).
    about
        Remarks on the file as a whole.
    kept
        Plain sections of the base file, for what is not estimated anew.
    """
    lines = [HEADER + "about:"]
    lines += [f"  {key}: {_scalar(value)}" for key, value in about.items()]
    rows: dict[str, list[str]] = {}
    for name, row in base.items():
        group, key = name.split(".", 1)
        value, prior, source, interval = row.value, row.prior, row.source, ""
        estimate = fit.estimates.get(name) if fit else None
        if estimate is not None and origin is not None and not estimate.identified:
            source = (
                f"{row.source}; kept, not identified by the data: mode {estimate.value:.3g}, "
                f"{origin.told(estimate)}"
            )
        elif estimate is not None and origin is not None:
            low, high = estimate.interval
            interval = f", interval: [{low:.4g}, {high:.4g}]"
            value, prior = estimate.value, estimate.error
            source = origin.told(estimate)
        elif name in others:
            value, prior, source = others[name]
        rows.setdefault(group, []).append(
            f"  {key}: {{value: {value:.6g}, unit: {_scalar(row.unit)}, range: "
            f"[{row.low:.12g}, {row.high:.12g}], prior: {prior:.3g}{interval}, source: "
            f"{_scalar(source)}}}"
        )
    for group, found in rows.items():
        lines += [f"{group}:", *found]
    lines += _plain(fit, origin, kept)
    return "\n".join(lines) + "\n"


def _plain(fit: Fit | None, origin: EstimateSource | None, kept: Mapping[str, Any]) -> list[str]:
    import yaml

    if fit is None or origin is None:
        return [
            yaml.safe_dump({k: kept[k]}, sort_keys=False).rstrip() for k in PLAIN[1:] if k in kept
        ]
    lines = [
        f"# shares of the acts of a class if no other term applies; {origin.data}, {origin.window}",
        "shares:",
    ]
    lines += [
        f"  {name}: {{value: {value:.4g}, interval: [{low:.3g}, {high:.3g}]}}"
        for name, (value, low, high) in share_values(fit).items()
    ]
    pool = fit.pool
    lines += ["# what dyads of event data have in common, [mild, severe, cooperative]", "pool:"]
    for key, pair in (
        ("shape", pool.shape),
        ("mean", pool.mean),
        ("half_life", pool.half_life),
        ("spread", pool.spread),
        ("mark", pool.mark),
        ("weight", pool.weight),
    ):
        lines.append(f"  {key}: [{', '.join('.inf' if np.isinf(v) else f'{v:.5g}' for v in pair)}]")
    return [*lines, f"  major: {pool.major:.5g}", f"  worth: {pool.worth:g}"]


def _scalar(value: Any) -> str:
    import json

    return json.dumps(value, ensure_ascii=False)


def sections(path: Path) -> dict[str, Any]:
    """The plain sections of a parameter file, by name, as data."""
    tree = read_yaml(path)
    return {name: tree[name] for name in PLAIN if name in tree}


def pool_of(path: Path) -> Pool:
    """The pool in a parameter file: what dyads have in common.

    Raises
    ------
    InputError
        If the file has no usable section ``pool``: it was not made by ``detente calibrate``.
    """
    row = read_parameters(path).pool
    if row is None:
        raise InputError(
            f"parameters={path}",
            "has no section `pool`",
            remedy="give a file that `detente calibrate` wrote",
        )
    return Pool(**row.model_dump())
