"""The state of a block of replicates, as compiled functions take it.

Its fields are in the table of ``world.fields``. Axes: R replicates of a block, N states, S asylum
cases.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

IDLE, ASKED, SERVED = range(3)
"""Whether the day of a replicate waits for its institutions: no; yes; they have acted."""
ACT_ROWS, TURN_ROWS, CASE_ROWS, NOTICE_ROWS, REASON_ROWS, FALL_ROWS = range(6)
"""Places in ``State.filled``."""
PACE = ("slow", "fast", "hold", "request", "leave", "deny", "raid")
"""What a tick does, ``[1 or replicate]`` each: shares of a grudge, of a favour and of a hold that
are kept; probabilities of a request of asylum at random; highest ones of a safe-conduct, of its
denial and of a raid."""


class State(NamedTuple):
    """All that a day reads and changes, as arrays: what compiled functions take.

    Attributes
    ----------
    trust, target, longrun, dealings, memory, remembered, habit, bound
        Fields of ``fields.ARRAYS``, on their axes.
    dyads, governments, cases, course
        Records of ``fields.RECORDS``, on their axes.
    trust_rows, target_rows, bound_rows
        The same memory as ``trust``, ``target`` ``[replicate, dyad]`` and ``bound`` ``[replicate,
        sender x place x class]``, in the order of ``halves``.
    pairs
        ``[sender, target]``, records: linked (may act on each other), border, caracas (both are
        parties to the Caracas Convention), each bool; bodies (0 to 1, in common).
    dispute_dyads
        ``[replicate, place, 2]``, victim and offender of a breach from which more may follow; their
        count is in ``course``.
    falls
        ``[replicate, fall, 3]``: day (ordinal), state and ideology of the successor of governments
        that fall, in order of day; a day of infinity if there is none.
    announced
        ``[row]``, records: steps that a state has announced.
    fall_rows
        ``[row, column]``: governments that have fallen; waits to be read by Python.
    dispute_words, dispute_halves, third_words, third_halves
        Today's draws of disputes, and of third states: ``[sender * size + target]``, 64 bits; the
        same memory as ``[(sender * size + target) * 2 + part]``, 32 bits each.
    announced_words
        Today's draws of announced steps, ``[row]``.
    held_dyads, listed_dyads
        ``[replicate, place, 2]``, sender and target: dyads with a hold; missions that may be
        restored, in order. Their counts are in ``course``.
    p
        ``[1 or replicate]``, records: the parameters.
    pace
        ``[1 or replicate]``, records: fields of ``PACE``.
    weights
        ``[1 or replicate, grade, side, grade of the other acts, half-life]``, acts per act, >= 0:
        excitation.
    own_share
        ``[1 or replicate, grade]``, 0 to 1: share of the long-run rate that acts do not excite.
    marks
        ``[1 or replicate, act]``, >= 0: weight of each act in memory, mean 1 over its grade.
    custom
        ``[act]``, log shares of the acts of the policy.
    day_of
        ``[tick]``, day (ordinal) of each tick.
    fade
        ``[tick, half-life]``, 0 to 1: share of memory kept after so many ticks.
    gain
        ``[half-life]``, per day: what an act of mark 1 adds to memory.
    agenda
        ``[row]``, records of what the scenario and the calendar set, in order of tick: tick, kind
        (``engine.agenda``), sender, target, act, slot, leader.
    agenda_of
        ``[tick]``, first row of ``agenda`` on a tick or later.
    leaders
        ``[replicate, leader]``, -1 to 1: ideology of governments to come.
    in_kind
        ``[rule]``, records of answers in kind: day from which, sender, target.
    conditional
        ``[rule]``, records of acts that depend on how relations stand.
    conditional_due
        ``[replicate, rule]``, day (ordinal) on which such an act is due; infinite before its
        condition holds, -1 once it is done.
    slots
        ``[slot]``, records: what the scenario sets for a case (decision, safe_conduct, codes of
        ``FATES``), key of its stream.
    open_to
        ``[act]``, bool: acts that may open a dispute before an institution.
    kept
        ``[sender, target]``, bool: dyads whose acts are all logged.
    ledger_row
        ``[sender * N + target]``: place on the axis ``[watched]``, -1 if it is not watched.
    ledger_cells
        ``[watched]``: sender * N + target.
    ledger
        ``[item, replicate, watched]``, trust: sum of its changes by cause.
    by_day, acts_by_day
        ``[day, item, watched]``: changes of trust, and number of entries, summed over replicates;
        no days if the ledger is not kept by day.
    level_by_day
        ``[day, watched]``: trust in the evening, summed over replicates.
    noted_row
        ``[tick]``: place on the axis ``[noted tick]``, -1 if trust of all dyads is not noted.
    noted
        ``[noted tick, replicate, dyad]``, trust x 32,767.
    focal_cells
        ``[pair, direction]``, sender * N + target.
    focal
        ``[tick, replicate, pair, direction]``, trust x 32,767; no ticks if no trace is kept.
    standing
        ``[tick, replicate, pair]``, 0 to 3.
    fingerprint
        ``[tick, replicate]``, 64 bits; no ticks if it is not asked for.
    spread
        ``[2 * N * N]``, 64 bits: multipliers of the fingerprint.
    act_rows, turn_rows, case_rows, notice_rows, reason_rows
        ``[row, column]``: rows that wait to be read by Python; ``filled`` ``[table]`` counts them.
    filled
        ``[table]``, rows used of each of these tables.
    claims
        ``[pair, 2]``: host and territorial state of a random request.
    words, halves
        Today's draws: ``[sender * size + target]``, 64 bits; the same memory as ``[(sender * size +
        target) * 2 + class]``, 32 bits each.
    case_words, one_case, case_draws
        Today's draws of random cases, and of a named one; ``[slot, draw]``, 0 to 1.
    acting, shares, acts, restored, answers, alone
        Today's acts of one replicate: ``[act, 3]``, sender, target, grade or place in ``ACTS``;
        ``shares`` ``[act, 2]``, draw that selects the act, probability that it came.
    near, strengths, changes, order, felt, terms, odds, few, few_odds, answer_terms, answer_odds,
    lawful, menu
        Intermediate results; their content means nothing between calls.
    flat_terms, flat_answer_terms
        The same memory as ``terms`` and ``answer_terms``, in one row.
    fate
        ``[slot]``, 0 to 7: station to which a case comes.
    noise
        ``[replicate, sender, target]``, trust: noise of today; no replicates if there is none.
    run
        ``[1]``, record: seed, keys of streams, first replicate, repeat, width of the draws, days of
        a tick, and switches.
    """

    trust: NDArray[np.float64]
    target: NDArray[np.float64]
    longrun: NDArray[np.float64]
    dealings: NDArray[np.float64]
    memory: NDArray[np.float64]
    remembered: NDArray[np.int32]
    habit: NDArray[np.float64]
    bound: NDArray[np.uint32]
    dyads: NDArray[Any]
    governments: NDArray[Any]
    cases: NDArray[Any]
    course: NDArray[Any]
    trust_rows: NDArray[np.float64]
    target_rows: NDArray[np.float64]
    bound_rows: NDArray[np.uint32]
    pairs: NDArray[Any]
    held_dyads: NDArray[np.int32]
    listed_dyads: NDArray[np.int32]
    dispute_dyads: NDArray[np.int32]
    falls: NDArray[np.float64]
    announced: NDArray[Any]
    fall_rows: NDArray[np.float64]
    dispute_words: NDArray[np.uint64]
    dispute_halves: NDArray[np.uint32]
    third_words: NDArray[np.uint64]
    third_halves: NDArray[np.uint32]
    announced_words: NDArray[np.uint64]
    p: NDArray[Any]
    pace: NDArray[Any]
    weights: NDArray[np.float64]
    own_share: NDArray[np.float64]
    marks: NDArray[np.float64]
    custom: NDArray[np.float64]
    day_of: NDArray[np.float64]
    fade: NDArray[np.float64]
    gain: NDArray[np.float64]
    agenda: NDArray[Any]
    agenda_of: NDArray[np.int64]
    leaders: NDArray[np.float64]
    in_kind: NDArray[Any]
    conditional: NDArray[Any]
    conditional_due: NDArray[np.float64]
    slots: NDArray[Any]
    open_to: NDArray[np.bool_]
    kept: NDArray[np.bool_]
    ledger_row: NDArray[np.int64]
    ledger_cells: NDArray[np.int64]
    ledger: NDArray[np.float64]
    by_day: NDArray[np.float64]
    acts_by_day: NDArray[np.float64]
    level_by_day: NDArray[np.float64]
    noted_row: NDArray[np.int64]
    noted: NDArray[np.int16]
    focal_cells: NDArray[np.int64]
    focal: NDArray[np.int16]
    standing: NDArray[np.int8]
    fingerprint: NDArray[np.uint64]
    spread: NDArray[np.uint64]
    act_rows: NDArray[np.float64]
    turn_rows: NDArray[np.float64]
    case_rows: NDArray[np.float64]
    notice_rows: NDArray[np.float64]
    reason_rows: NDArray[np.float64]
    filled: NDArray[np.int64]
    claims: NDArray[np.int64]
    words: NDArray[np.uint64]
    halves: NDArray[np.uint32]
    case_words: NDArray[np.uint64]
    one_case: NDArray[np.uint64]
    case_draws: NDArray[np.float64]
    acting: NDArray[np.int64]
    shares: NDArray[np.float64]
    acts: NDArray[np.int64]
    restored: NDArray[np.int64]
    answers: NDArray[np.int64]
    alone: NDArray[np.int64]
    strengths: NDArray[np.float64]
    changes: NDArray[np.float64]
    order: NDArray[np.int64]
    near: NDArray[np.int64]
    felt: NDArray[np.float64]
    terms: NDArray[np.float64]
    odds: NDArray[np.float64]
    few: NDArray[np.float64]
    few_odds: NDArray[np.float64]
    answer_terms: NDArray[np.float64]
    flat_terms: NDArray[np.float64]
    flat_answer_terms: NDArray[np.float64]
    answer_odds: NDArray[np.float64]
    lawful: NDArray[np.bool_]
    menu: NDArray[np.bool_]
    fate: NDArray[np.int64]
    noise: NDArray[np.float64]
    run: NDArray[Any]
