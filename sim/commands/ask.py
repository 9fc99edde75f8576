"""Ask for chances in the words of the question, with intervals and the reference class.

usage: detente ask "severed before 2026-07-28" ["severed and not asylee_left" ...] [key=value ...]
       detente ask "severed at 365" given="severed at 30"
       detente ask "PER>MEX ambassador_returned within 90" scenario=downgrade_2023
       detente ask "who protects MEX"
       detente ask RUN "ambassadors by 2026-10-01"        the run of a folder, simulated again

Words: severed, downgraded, recalled, ambassadors, restored, asylee_left, SENDER>TARGET ACT,
POWER protects SIDE, trust A>B, trade_at_risk A>B; before, by, within, at, on, after; and, or, not.
The grammar: docs/reference/questions.md. The same words work in outcome=, given= and expect.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.commands import DONE
from sim.errors import InputError

if TYPE_CHECKING:
    from sim.commands._hydra.compose import Composer, Request
    from sim.ensemble.spec import Spec
    from sim.outcomes.measures import Measures

SETTING = re.compile(r"[~+]*[A-Za-z_][\w.]*=(?!=)")
"""How a word begins that sets a key; other words are questions, or a folder."""
WHO = re.compile(r"\s*who\s+protects\s+([A-Z]{3})\s*")


def usage() -> str:
    """What ``--help`` prints."""
    from sim.commands._hydra.plain import usage_of

    return usage_of("ask", __doc__)


def main(args: list[str]) -> int:
    """Take the questions and the folder out of the words, and compose the rest with Hydra."""
    from sim.commands._hydra.entry import compose_and_call

    asked = [
        word
        for k, word in enumerate(args)
        if not (SETTING.match(word) or word.startswith(("-", "~")))
        and not (k and args[k - 1] in ("--cfg", "-c"))
    ]
    folders = [word for word in asked if Path(word).is_dir()]
    questions = [word for word in asked if word not in folders]
    if len(folders) > 1:
        raise InputError("ask", "takes one folder of a run", " ".join(folders))
    rest = [word for word in args if word not in asked]
    if not questions and "--cfg" not in rest and "-c" not in rest:
        remedy = 'detente ask "severed before 2026-07-28"'
        raise InputError("ask", "must be given a question", "(nothing)", remedy=remedy)
    return compose_and_call("ask", rest, partial(one, questions, folders))


def one(questions: list[str], folders: list[str], request: Request, composer: Composer) -> int:
    """Check the questions, simulate, answer, print."""
    from sim.commands._hydra.run_spec import AUTO
    from sim.commands._screens.ask import show, written
    from sim.commands._screens.terminal import progress
    from sim.ensemble.executors import opened
    from sim.ensemble.spec import worker_count
    from sim.evaluation.precedents import precedents_of
    from sim.outcomes.asked import answered
    from sim.outcomes.expression import Outcome
    from sim.outcomes.measures import measure_names
    from sim.results.sealed_folder import refuse_existing
    from sim.studies.precision import enough, measured

    config = request.config
    if config["output"] is not None:
        refuse_existing(Path(str(config["output"])))
    spec = specified(questions, folders, request)
    plain = [text for text in questions if not WHO.fullmatch(text)]
    given = config["given"]
    for text in plain:
        Outcome(text, measure_names(spec), "question")
    if given is not None:
        Outcome(str(given), measure_names(spec), "given")
    total = spec.settings.replicates
    auto = config["replicates"] == AUTO and not folders
    workers = worker_count(spec.settings)
    with (
        opened(config["executor"], workers, config["address"]) as site,
        progress("replicates", 0 if auto else total) as on_progress,
    ):
        if auto:
            first = Outcome(plain[0], measure_names(spec), "question")
            count, table = enough(site, spec, first, config["precision"], on_progress)
            spec = replace(spec, settings=spec.settings.model_copy(update={"replicates": count}))
        else:
            table = measured(site, spec, on_progress)
    rows = answered([*plain, *named(questions, table)], given, table)
    known = precedents_of(spec.scenario, spec.record)
    show(spec, rows, known, config["words"])
    if config["output"] is not None:
        written(Path(str(config["output"])), rows)
    return DONE


def specified(questions: list[str], folders: list[str], request: Request) -> Spec:
    """The run that the questions are about, long enough for the days that they name."""
    from sim.commands._hydra.run_spec import specification
    from sim.explanation.rerun import spec_of
    from sim.outcomes.asked import days_needed
    from sim.outcomes.estimative_words import checked_scale
    from sim.studies.load import run_of

    config = request.config
    checked_scale(config["words"])
    if folders:
        extra = request.given - {"given", "words", "output", "workers", "executor", "address"}
        if extra:
            rule = "cannot be given with a folder: its run has settings of its own"
            raise InputError(min(extra), rule, " ".join(folders))
        spec = spec_of(run_of(Path(folders[0]), "ask"))
    else:
        spec = specification(request)
    texts = [*questions, *([str(config["given"])] if config["given"] is not None else [])]
    last = days_needed(texts, spec.scenario)
    if last > spec.horizon and config["horizon_days"] is None and config["until"] is None:
        settings = spec.settings.model_copy(update={"horizon_days": last})
        spec = replace(spec, settings=settings)
    return spec


def named(questions: list[str], table: Measures) -> list[str]:
    """The questions that ``who protects SIDE`` stands for: one for each power that is named."""
    found = []
    view: Any = getattr(table, "view", None)
    for text in questions:
        if hit := WHO.fullmatch(text):
            states = view.scenario.states
            if hit[1] not in states:
                raise InputError("question", "must name a state of the scenario", hit[1], states)
            powers = [
                key.split(" for ")
                for rows in view.third_parties().values()
                for key in rows
                if " for " in key
            ]
            own = [power for power, side in powers if side == hit[1]]
            if not own:
                rule = "no protecting power is named for it in any replicate"
                remedy = "ask about a scenario in which relations are severed"
                raise InputError("question", rule, text, remedy=remedy)
            each = [f"{power} protects {hit[1]}" for power in own]
            found += [*each, f"not ({' or '.join(each)})"]
    return found
