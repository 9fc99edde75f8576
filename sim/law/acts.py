"""The repertoire: one row per diplomatic act; every table the engine uses is derived from it.

Severity is the project's own scale, -10 to 10, modelled on PLOVER's and rising along the ladder;
negative means that the target feels the act as hostile (asylum helps a person and offends a state).
``share`` is the act's weight among the acts of its class if no other term of the choice applies
(assumed, close to the act mix of ICEWS 2005-15: about 4 % of hostile acts reduce or sever
relations). The policy never draws an act without a share; only a rule decides it.
"""

from __future__ import annotations

from dataclasses import dataclass

from sim.law.vocabulary import ActClass, Grade, Speaker

H, C, N = ActClass.HOSTILE, ActClass.COOPERATIVE, ActClass.NEUTRAL
EXECUTIVE, LEGISLATURE, MILITARY = Speaker.EXECUTIVE, Speaker.LEGISLATURE, Speaker.MILITARY


@dataclass(frozen=True, slots=True)
class Act:
    """One act of the repertoire.

    Attributes
    ----------
    name
        The field's word, used alike in CSV, YAML, code and legends.
    act_class
        Hostile, cooperative or neutral.
    severity
        Own scale, [-10, 10], negative is hostile.
    rung
        Step of the protocol ladder, 0 (none) to 9 (off the ladder).
    share
        Weight among its class in the policy's draw, >= 0; 0 is never drawn.
    needs
        Conditions without which the act has no effect; keys of ``sim.law.ladder.NEEDS``.
    leads_to
        Changes it makes to the ladder; keys of ``sim.law.ladder.EFFECTS``.
    speaker
        Which organ acts.
    lobby
        Whether it hits exporters or tourism, who then press for its reversal.
    cameo, plover
        Codes under which event data file it.
    source
        Article, precedent, or "assumed".
    sentence
        The act in the present tense, with ``{sender}`` and ``{target}``.
    words
        The act as a reader writes it; empty if that is the name without underscores.
    third_party
        Whether a third party does it, or it answers one, in a dispute of two other states.
    breach
        Kind of breach that the target answers by a rule (``sim.rules.breaches``), or empty.
    ground
        What must lie between the pair beside law: ``force`` (a border, a rivalry or a militarised
        dispute), ``dispute`` (a dispute under way), or nothing.
    routine
        Whether it costs its sender nothing: it then moves trust by ``trust.routine`` only.
    """

    name: str
    act_class: ActClass
    severity: float
    rung: int = 0
    share: float = 0.0
    needs: tuple[str, ...] = ()
    leads_to: tuple[str, ...] = ()
    speaker: Speaker = EXECUTIVE
    lobby: bool = False
    cameo: tuple[str, ...] = ()
    plover: str = ""
    source: str = "assumed"
    sentence: str = ""
    words: str = ""
    third_party: bool = False
    breach: str = ""
    ground: str = ""
    routine: bool = False

    def in_words(self, sender: str, target: str) -> str:
        """The act as a sentence in the present tense, without a full stop."""
        return self.sentence.format(sender=sender, target=target)

    @property
    def label(self) -> str:
        """The act as a reader writes it, such as ``safe-conduct granted``."""
        return self.words or self.name.replace("_", " ")


# fmt: off
# a table: one act a paragraph
ACTS: tuple[Act, ...] = (
    Act("critical_statement", H, -1.0, 1, 0.44, cameo=("111", "112"), plover="ACCUSE",
        sentence="{sender} criticises {target}"),
    Act("protest_note", H, -1.5, 2, 0.14, ("relations",), cameo=("114",), plover="ACCUSE",
        sentence="{sender} sends {target} a protest note"),
    Act("ambassador_summoned", H, -2.0, 3, 0.12, ("their_mission",), cameo=("114",),
        plover="ACCUSE", source="VCDR art. 3, practice",
        sentence="{sender} summons {target}'s ambassador"),
    Act("rejection", H, -2.0, 3, 0.10, cameo=("120", "121", "125"), plover="REJECT",
        sentence="{sender} rejects a demand of {target}"),
    Act("legislature_motion", H, -2.0, 3, 0.06, speaker=LEGISLATURE, cameo=("111",),
        plover="ACCUSE", source="no effect in law; Peru 2023, 2025",
        sentence="{sender}'s legislature passes a motion against {target}",
        words="motion of a legislature"),
    Act("threat", H, -3.0, 4, 0.05, cameo=("130", "131", "134"), plover="THREATEN",
        sentence="{sender} threatens {target}"),
    Act("leader_persona_non_grata", H, -3.0, 4, 0.02, speaker=LEGISLATURE, cameo=("111",),
        plover="ACCUSE", source="no effect in law: VCDR art. 9 is for members of a mission",
        sentence="{sender}'s legislature declares {target}'s leader persona non grata",
        words="leader declared persona non grata",
        breach="insult"),
    Act("council_complaint", H, -3.0, 4, 0.015, cameo=("115",), plover="ACCUSE",
        source="OAS Charter art. 85",
        sentence="{sender} complains about {target} to the OAS council",
        words="complaint to the OAS council"),
    Act("bloc_obstruction", H, -3.5, 4, 0.008, cameo=("124", "129"), plover="REJECT",
        source="Pacific Alliance chair 2023",
        sentence="{sender} obstructs {target} in a bloc",
        words="obstruction in a bloc"),
    Act("icj_application", H, -3.5, 5, 0.002, cameo=("115",), plover="ACCUSE",
        source="ICJ Statute art. 36; Mexico v. Ecuador 2024",
        sentence="{sender} brings a case against {target} before the ICJ",
        words="application to the ICJ"),
    Act("ambassador_recalled", H, -4.0, 5, 0.014, ("own_ambassador_present",), ("own_recall",),
        cameo=("161",), plover="SANCTION", source="practice; recall for consultations",
        sentence="{sender} recalls its ambassador to {target}",
        breach="step"),
    Act("visa_requirement", H, -4.0, 5, 0.006, ("no_visa",), ("visa_on",), lobby=True,
        cameo=("172",), plover="SANCTION", source="Mexico and Peru 2024",
        sentence="{sender} requires visas of {target}'s nationals",
        words="visa required",
        ground="dispute", breach="measure"),
    Act("envoy_persona_non_grata", H, -4.5, 6, 0.003, ("their_mission",), cameo=("161",),
        plover="SANCTION", source="VCDR art. 9",
        sentence="{sender} declares an envoy of {target} persona non grata",
        words="envoy declared persona non grata"),
    Act("trade_measure", H, -5.0, 6, 0.005, lobby=True, cameo=("163", "162"), plover="SANCTION",
        source="Ecuador on Mexico 2025",
        sentence="{sender} takes a trade measure against {target}",
        ground="dispute", breach="measure"),
    Act("staff_expelled", H, -5.0, 6, 0.003, ("their_mission",), cameo=("161", "166"),
        plover="SANCTION", source="VCDR arts. 9, 11",
        sentence="{sender} expels staff of {target}'s mission",
        breach="staff"),
    Act("coercion", H, -5.0, 6, 0.05, cameo=("170", "171", "172", "173", "174"), plover="COERCE",
        source="arrests, seizures, deportations of the other's nationals",
        sentence="{sender} takes coercive measures against nationals of {target}",
        ground="dispute"),
    Act("show_of_force", H, -5.0, 6, 0.03, speaker=MILITARY, cameo=("150", "154"),
        plover="MOBILIZE", source="UN Charter art. 2(4): threat of force",
        sentence="{sender} makes a show of force against {target}",
        ground="force"),
    Act("ambassador_withdrawn", H, -5.5, 7, 0.004, ("own_ambassador",), ("own_charge",),
        cameo=("161",), plover="SANCTION", source="VCDR art. 14; Peru 2023",
        sentence="{sender} withdraws its ambassador from {target}",
        breach="step"),
    Act("ambassador_expelled", H, -6.0, 7, 0.004, ("their_ambassador",), ("their_charge",),
        cameo=("161", "166"), plover="SANCTION", source="VCDR art. 9",
        sentence="{sender} expels {target}'s ambassador",
        breach="expulsion"),
    Act("relations_severed", H, -8.0, 8, 0.001, ("relations",), ("sever",), cameo=("161",),
        plover="SANCTION", source="VCDR arts. 2, 45; consular relations go on, VCCR art. 2(3)",
        sentence="{sender} severs relations with {target}",
        breach="rupture"),
    Act("recognition_withdrawn", H, -6.0, 6, cameo=("161",), plover="SANCTION",
        source="the sender recognises a rival of the target's government; Guaido 2019",
        sentence="{sender} withdraws recognition from the government of {target}",
        breach="recognition"),
    Act("step_announced", H, -3.0, 4, cameo=("130", "131"), plover="THREATEN",
        source="a stated intention, or a deadline; Peru, February 2023",
        sentence="{sender} announces a step against {target}"),
    Act("use_of_force", H, -9.5, 9, 0.12, speaker=MILITARY, cameo=("190", "192", "193"),
        plover="ASSAULT", source="UN Charter art. 2(4)",
        sentence="{sender} uses force against {target}",
        breach="force",
        ground="force"),
    Act("premises_raided", H, -10.0, 9, 0.0, plover="ASSAULT",
        source="VCDR art. 22; Quito 2024-04-05",
        sentence="{sender} raids the premises of {target}'s mission",
        words="premises of a mission raided",
        breach="premises"),
    Act("asylum_granted", H, -4.0, 5, cameo=("075",), plover="AID",
        source="Caracas 1954 arts. I, IV; CAMEO's +7.0 is the person's view",
        sentence="{sender} grants asylum to a person whom {target} seeks",
        breach="asylum"),
    Act("safe_conduct_denied", H, -3.5, 5, cameo=("120", "124"), plover="REJECT",
        source="Caracas 1954 arts. XI, XII",
        sentence="{sender} denies {target} the safe-conduct",
        words="safe-conduct denied",
        breach="denial"),
    Act("safe_conduct_deferred", H, -1.5, 2, cameo=("120",), plover="REJECT",
        source="Caracas 1954 art. XII; practice",
        sentence="{sender} defers the safe-conduct that {target} asks for",
        words="safe-conduct deferred"),
    Act("conciliatory_statement", C, 1.0, share=0.45, cameo=("051", "055"), plover="SUPPORT",
        sentence="{sender} makes a conciliatory statement on {target}",
        routine=True),
    Act("consultation", C, 2.0, share=0.45, needs=("relations",), cameo=("036", "040", "042",
    "043"),
        plover="CONSULT",
        sentence="{sender} consults with {target}",
        routine=True),
    Act("agreement", C, 3.5, share=0.09, needs=("relations",), cameo=("057",), plover="AGREE",
        sentence="{sender} concludes an agreement with {target}"),
    Act("apology", C, 4.0, share=0.002, cameo=("055",), plover="CONCEDE",
        sentence="{sender} apologises to {target}"),
    Act("material_cooperation", C, 3.0, share=0.015, needs=("relations",), cameo=("061", "062",
    "071", "073"),
        plover="COOPERATE",
        sentence="{sender} cooperates materially with {target}"),
    Act("concession", C, 3.5, share=0.006, cameo=("084", "087"), plover="CONCEDE",
        sentence="{sender} makes a concession to {target}"),
    Act("visa_lifted", C, 2.5, needs=("visa",), leads_to=("visa_off",), lobby=True,
        cameo=("081", "085"), plover="CONCEDE", source="Peru 2024-04-11",
        sentence="{sender} lifts the visa requirement for {target}'s nationals"),
    Act("ambassador_returned", C, 4.0, needs=("own_mission_reduced",), leads_to=("own_return",),
        cameo=("050", "054"), plover="COOPERATE", source="practice; Bolivia 2021, Brazil 2024",
        sentence="{sender} sends its ambassador back to {target}"),
    Act("agrement_granted", C, 3.0, needs=("their_charge",), leads_to=("their_return",),
        cameo=("050",), plover="AGREE", source="VCDR art. 4",
        sentence="{sender} grants agrément to {target}'s new ambassador",
        words="agrément granted"),
    Act("relations_restored", C, 6.0, needs=("severed",), leads_to=("restore",),
        cameo=("050", "054"), plover="COOPERATE", source="VCDR art. 2: by mutual consent",
        sentence="{sender} restores relations with {target}"),
    Act("restoration_offered", N, 0.0, needs=("severed",), cameo=("050",), plover="AGREE",
        source="VCDR art. 2: by mutual consent",
        sentence="{sender} offers {target} to restore relations",
        words="restoration of relations offered"),
    Act("restoration_refused", N, 0.0, cameo=("120",), plover="REJECT",
        source="VCDR art. 2: by mutual consent",
        sentence="{sender} refuses to restore relations with {target}",
        words="restoration of relations refused"),
    Act("safe_conduct_granted", C, 2.5, cameo=("075", "085"), plover="CONCEDE",
        source="Caracas 1954 arts. V, XII",
        sentence="{sender} grants {target} the safe-conduct",
        words="safe-conduct granted"),
    Act("asylum_refused", C, 1.5, cameo=("120",), plover="REJECT",
        source="Caracas 1954 art. II: no state is obliged to grant",
        sentence="{sender} refuses asylum to a person whom {target} seeks"),
    Act("asylum_requested", N, 0.0, cameo=("025",), plover="REQUEST", source="Caracas 1954",
        sentence="{sender} receives a request for asylum by a person whom {target} seeks"),
    Act("good_offices_offered", N, 0.0, cameo=("039",), plover="CONSULT",
        source="OAS Charter arts. 24, 85",
        sentence="{sender} offers {target} its good offices",
        third_party=True),
    Act("good_offices_accepted", C, 1.0, cameo=("035", "045"), plover="CONSULT",
        source="OAS Charter art. 86",
        sentence="{sender} accepts the good offices of {target}",
        third_party=True),
    Act("good_offices_refused", N, 0.0, cameo=("125",), plover="REJECT",
        source="OAS Charter art. 88",
        sentence="{sender} refuses the good offices of {target}",
        third_party=True),
    Act("protecting_power_named", N, 0.0, cameo=("050",), plover="AGREE",
        source="VCDR arts. 45, 46; represents, does not mediate",
        sentence="{sender} is named protecting power in the dispute of {target}",
        third_party=True),
)
# fmt: on

NAMES: tuple[str, ...] = tuple(act.name for act in ACTS)
"""Names of the acts, in the order of ``ACTS``; the axis ``[act]`` of every table has this order."""
INDEX: dict[str, int] = {name: index for index, name in enumerate(NAMES)}
"""Place of each act in ``ACTS``, by name."""
LABELS: dict[str, str] = {act.name: act.label for act in ACTS}
TOP_RUNG = max(act.rung for act in ACTS)
"""Highest rung of any act."""
SEVERE = -3.0
"""Severity from which a hostile act counts as severe: threats and up (assumed)."""
MAJOR = 3.0
"""Severity from which a cooperative act counts as major: material help, agreements (assumed)."""


def grade_of(act: Act) -> Grade:
    """Grade of an act, by its class and severity."""
    if act.act_class != ActClass.HOSTILE:
        return Grade.COOPERATIVE if act.act_class == ActClass.COOPERATIVE else Grade.NEUTRAL
    return Grade.SEVERE if act.severity <= SEVERE else Grade.MILD


CHOSEN: tuple[int, ...] = tuple(
    sorted((i for i, act in enumerate(ACTS) if act.share > 0), key=lambda i: grade_of(ACTS[i]))
)
"""Places in ``ACTS`` of the acts that the policy draws (share above 0): mild, severe, cooperative.

A new row of the table may stand anywhere; within a grade the order of the table holds.
"""
LADDER_RUNG = 5
"""Lowest rung that bystanders observe, logs keep and paths count (recall and up); assumed."""
