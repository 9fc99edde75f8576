"""What a reader wants of a backtest: rows beside the best baseline, by year, and slopes."""

from __future__ import annotations

from typing import Any

from sim.evaluation import MODEL
from sim.results.study import Study


def verdict(row: dict[str, Any]) -> str:
    """The verdict on the model by the interval of the difference: better, worse, or neither."""
    if row["low"] > 0:
        return "better"
    return "**worse**" if row["high"] < 0 else "no significant difference"


REGRESSIONS = ("logit", "dyad_ewma_logit", "nb_glm")
"""Baselines that are regressions."""


def by_year(study: Study, horizon: str) -> dict[str, tuple[list[str], dict[str, list[float]]]]:
    """By quantity: years with ``all`` last, and the log scores of each forecaster in this order."""
    found: dict[str, tuple[list[str], dict[str, list[float]]]] = {}
    rows = study.rows("scores", dyads="all", score="log_score")
    rows = [row for row in rows if str(row["horizon"]) == horizon]
    head = sorted({row["year"] for row in rows})
    for quantity in dict.fromkeys(row["quantity"] for row in rows):
        value = {
            (row["forecaster"], row["year"]): row["value"]
            for row in rows
            if row["quantity"] == quantity
        }
        names = dict.fromkeys(name for name, _ in value)
        found[quantity] = (head, {name: [value[name, year] for year in head] for name in names})
    return found


def slopes_of(study: Study, horizon: str) -> list[tuple[str, float, float]]:
    """Quantity, calibration slope and its standard error, of all dyads and years."""
    rows = [
        row
        for row in study.rows("scores", dyads="all", year="all", forecaster=MODEL)
        if str(row["horizon"]) == horizon and row["value"] is not None
    ]
    value = {(row["quantity"], row["score"]): row["value"] for row in rows}
    return [
        (quantity, slope, value.get((quantity, "calibration_slope_error"), float("nan")))
        for (quantity, score), slope in value.items()
        if score == "calibration_slope"
    ]


def best_rivals(
    study: Study, group: str, horizon: str, among: tuple[str, ...] = (), year: str = "all"
) -> list[dict[str, Any]]:
    """By quantity and score: the model's score, the best baseline's, and their difference.

    ``among``: the baselines that count; all if empty.
    """
    scores, gaps = (
        [r for r in study.rows(name, dyads=group, year=year) if str(r["horizon"]) == horizon]
        for name in ("scores", "differences")
    )
    if among:
        scores = [r for r in scores if r["forecaster"] in (MODEL, *among)]
        gaps = [r for r in gaps if r["baseline"] in among]
    found = []
    for quantity, score in dict.fromkeys((r["quantity"], r["score"]) for r in gaps):
        value = {
            r["forecaster"]: r["value"]
            for r in scores
            if (r["quantity"], r["score"]) == (quantity, score)
        }
        name = min((k for k in value if k != MODEL), key=lambda k: value[k])
        gap = next(
            r for r in gaps if (r["quantity"], r["score"], r["baseline"]) == (quantity, score, name)
        )
        found.append(
            {
                "quantity": quantity,
                "score": score,
                "ours": value[MODEL],
                "rival": name,
                "theirs": value[name],
                **{k: gap[k] for k in ("difference", "low", "high")},
            }
        )
    return found


def digest(study: Study, horizon: str = "30") -> dict[str, Any]:
    """The scores of all dyads at one horizon and of the coded record, as plain data for a file."""
    s = study.summary
    slopes = {name: round(value, 3) for name, value, _ in slopes_of(study, horizon)}
    errors = {name: round(error, 3) for name, _, error in slopes_of(study, horizon)}

    def rounded(row: dict[str, Any]) -> dict[str, Any]:
        return {k: round(v, 5) if isinstance(v, float) else v for k, v in row.items()}

    tables = ("origins", "evening_scores")
    record = {
        name: [rounded(row) for row in study.rows(name)] for name in tables if name in study.tables
    }
    return {
        "data": s["data"],
        "origins": len(s["origins"]),
        "first": s["origins"][0],
        "last": s["origins"][-1],
        "dyads": s["dyads"],
        "replicates": s["replicates"],
        "seed": s["seed"],
        "horizon_days": int(horizon),
        "rows": [rounded(r) for r in best_rivals(study, "all", horizon)],
        "regressions": [rounded(r) for r in best_rivals(study, "all", horizon, REGRESSIONS)],
        "years": {
            name: {
                who: dict(zip(head, (round(v, 5) for v in values), strict=True))
                for who, values in rows.items()
            }
            for name, (head, rows) in by_year(study, horizon).items()
        }
        if s["years"]
        else {},
        "slopes": slopes,
        "slope_errors": errors,
        "record": record,
    }
