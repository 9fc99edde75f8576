"""Mechanisms of crises that can be switched off one by one, to see what each is worth."""

from __future__ import annotations

from sim.evaluation.retrodiction import Mechanism
from sim.institutions import catalogue

MECHANISMS: tuple[Mechanism, ...] = (
    Mechanism(
        "answers to a breach",
        {"answers.first_day": 0.0, "answers.later": 0.0, "answers.measure": 0.0},
    ),
    Mechanism("answers on the first day", {"answers.first_day": 0.0}),
    Mechanism("protests in words", {"answers.protest": 0.0}),
    Mechanism("legislatures and the ICJ", {"others.legislature": 0.0, "others.court": 0.0}),
    Mechanism("third states", {"others.third": 0.0, "others.third_bright": 0.0}),
    Mechanism(
        "object of the dispute, amends", {"restoration.object": 0.0, "restoration.amends": 0.0}
    ),
    Mechanism("governments fall", {"leader.falls": 0.0}),
    Mechanism("first-day decisions on asylum", {"asylum.first_day": 0.35, "asylum.same_day": 0.0}),
    Mechanism(
        "levels by pair", {"levels.shape": 100.0, "levels.border": 1.0, "levels.reduced": 1.0}
    ),
    *(
        Mechanism(body.LABEL, institutions={name: {"enabled": False}})
        for name, body in catalogue().items()
        if body.SETTINGS.model_fields["enabled"].default or not body.VOTES
    ),
)
"""In the order in which they are printed; each edit gives the model without the mechanism."""
