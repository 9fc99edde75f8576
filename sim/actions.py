"""The repertoire: one row per diplomatic act; every table the engine uses is derived from it.

Severity is the project's own scale, PLOVER-shaped and monotone along the ladder, in [-10, 10];
negative is hostile as the target feels it (asylum is friendly to a person and hostile to a state).
``share`` is the act's weight among the acts of its class that states choose between when nothing
else speaks (assumed, shaped on the act mix of ICEWS 2005-15: about 4 % of hostile acts reduce or
break relations); an act without a share is never drawn by the policy, only decided by a rule.
"""

from __future__ import annotations

from dataclasses import dataclass

from sim.codebook import ActClass, Speaker

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
        What must stand for the act to have effect; words of ``sim.protocol``.
    leads_to
        What it changes on the ladder; words of ``sim.protocol``.
    speaker
        Which organ acts.
    lobby
        Whether it hits exporters or tourism, who then press for its reversal.
    cameo, plover
        Codes under which event data file it.
    source
        Article, precedent, or "assumed".
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

    @property
    def label(self) -> str:
        """The name as a reader writes it."""
        return self.name.replace("_", " ").replace("agrement", "agrément").replace("icj", "ICJ")


ACTS: tuple[Act, ...] = (
    Act("critical_statement", H, -1.0, 1, 0.44, cameo=("111", "112"), plover="ACCUSE"),
    Act("protest_note", H, -1.5, 2, 0.14, ("relations",), cameo=("114",), plover="ACCUSE"),
    Act("ambassador_summoned", H, -2.0, 3, 0.12, ("their_mission",), cameo=("114",),
        plover="ACCUSE", source="VCDR art. 3, practice"),
    Act("rejection", H, -2.0, 3, 0.10, cameo=("120", "121", "125"), plover="REJECT"),
    Act("legislature_motion", H, -2.0, 3, 0.06, speaker=LEGISLATURE, cameo=("111",),
        plover="ACCUSE", source="no effect in law; Peru 2023, 2025"),
    Act("threat", H, -3.0, 4, 0.05, cameo=("130", "131", "134"), plover="THREATEN"),
    Act("leader_persona_non_grata", H, -3.0, 4, 0.02, speaker=LEGISLATURE, cameo=("111",),
        plover="ACCUSE", source="no effect in law: VCDR art. 9 is for members of a mission"),
    Act("council_complaint", H, -3.0, 4, 0.015, cameo=("115",), plover="ACCUSE",
        source="OAS Charter art. 85"),
    Act("bloc_obstruction", H, -3.5, 4, 0.008, cameo=("124", "129"), plover="REJECT",
        source="Pacific Alliance chair 2023"),
    Act("icj_application", H, -3.5, 5, 0.002, cameo=("115",), plover="ACCUSE",
        source="ICJ Statute art. 36; Mexico v. Ecuador 2024"),
    Act("ambassador_recalled", H, -4.0, 5, 0.014, ("own_ambassador_present",), ("own_recall",),
        cameo=("161",), plover="SANCTION", source="practice; recall for consultations"),
    Act("visa_requirement", H, -4.0, 5, 0.006, ("no_visa",), ("visa_on",), lobby=True,
        cameo=("172",), plover="SANCTION", source="Mexico and Peru 2024"),
    Act("envoy_persona_non_grata", H, -4.5, 6, 0.003, ("their_mission",), cameo=("161",),
        plover="SANCTION", source="VCDR art. 9"),
    Act("trade_measure", H, -5.0, 6, 0.005, lobby=True, cameo=("163", "162"), plover="SANCTION",
        source="Ecuador on Mexico 2025"),
    Act("staff_expelled", H, -5.0, 6, 0.003, ("their_mission",), cameo=("161", "166"),
        plover="SANCTION", source="VCDR arts. 9, 11"),
    Act("coercion", H, -5.0, 6, 0.05, cameo=("170", "171", "172", "173", "174"), plover="COERCE",
        source="arrests, seizures, deportations of the other's nationals"),
    Act("show_of_force", H, -5.0, 6, 0.03, speaker=MILITARY, cameo=("150", "154"),
        plover="MOBILIZE", source="UN Charter art. 2(4): threat of force"),
    Act("ambassador_withdrawn", H, -5.5, 7, 0.004, ("own_ambassador",), ("own_charge",),
        cameo=("161",), plover="SANCTION", source="VCDR art. 14; Peru 2023"),
    Act("ambassador_expelled", H, -6.0, 7, 0.004, ("their_ambassador",), ("their_charge",),
        cameo=("161", "166"), plover="SANCTION", source="VCDR art. 9"),
    Act("relations_severed", H, -8.0, 8, 0.001, ("relations",), ("sever",), cameo=("161",),
        plover="SANCTION", source="VCDR arts. 2, 45; consular relations go on, VCCR art. 2(3)"),
    Act("use_of_force", H, -9.5, 9, 0.12, speaker=MILITARY, cameo=("190", "192", "193"),
        plover="ASSAULT", source="UN Charter art. 2(4)"),
    Act("premises_raided", H, -10.0, 9, 0.0, plover="ASSAULT",
        source="VCDR art. 22; Quito 2024-04-05"),
    Act("asylum_granted", H, -4.0, 5, cameo=("075",), plover="AID",
        source="Caracas 1954 arts. I, IV; CAMEO's +7.0 is the person's view"),
    Act("safe_conduct_denied", H, -3.5, 5, cameo=("120", "124"), plover="REJECT",
        source="Caracas 1954 arts. XI, XII"),
    Act("safe_conduct_deferred", H, -1.5, 2, cameo=("120",), plover="REJECT",
        source="Caracas 1954 art. XII; practice"),
    Act("conciliatory_statement", C, 1.0, share=0.45, cameo=("051", "055"), plover="SUPPORT"),
    Act("consultation", C, 2.0, share=0.45, cameo=("036", "040", "042", "043"),
        plover="CONSULT"),
    Act("agreement", C, 3.5, share=0.09, needs=("relations",), cameo=("057",), plover="AGREE"),
    Act("apology", C, 4.0, share=0.002, cameo=("055",), plover="CONCEDE"),
    Act("material_cooperation", C, 3.0, share=0.015, cameo=("061", "062", "071", "073"),
        plover="COOPERATE"),
    Act("concession", C, 3.5, share=0.006, cameo=("084", "087"), plover="CONCEDE"),
    Act("visa_lifted", C, 2.5, share=0.10, needs=("visa",), leads_to=("visa_off",), lobby=True,
        cameo=("081", "085"), plover="CONCEDE", source="Peru 2024-04-11"),
    Act("ambassador_returned", C, 4.0, needs=("own_mission_reduced",), leads_to=("own_return",),
        cameo=("050", "054"), plover="COOPERATE", source="practice; Bolivia 2021, Brazil 2024"),
    Act("agrement_granted", C, 3.0, needs=("their_charge",), leads_to=("their_return",),
        cameo=("050",), plover="AGREE", source="VCDR art. 4"),
    Act("relations_restored", C, 6.0, needs=("severed",), leads_to=("restore",),
        cameo=("050", "054"), plover="COOPERATE", source="VCDR art. 2: by mutual consent"),
    Act("safe_conduct_granted", C, 2.5, cameo=("075", "085"), plover="CONCEDE",
        source="Caracas 1954 arts. V, XII"),
    Act("asylum_refused", C, 1.5, cameo=("120",), plover="REJECT",
        source="Caracas 1954 art. II: no state is obliged to grant"),
    Act("asylum_requested", N, 0.0, cameo=("025",), plover="REQUEST", source="Caracas 1954"),
    Act("good_offices_offered", N, 0.0, cameo=("039",), plover="CONSULT",
        source="OAS Charter arts. 24, 85"),
    Act("good_offices_accepted", C, 1.0, cameo=("035", "045"), plover="CONSULT",
        source="OAS Charter art. 86"),
    Act("good_offices_refused", N, 0.0, cameo=("125",), plover="REJECT",
        source="OAS Charter art. 88"),
    Act("protecting_power_named", N, 0.0, cameo=("050",), plover="AGREE",
        source="VCDR arts. 45, 46; represents, does not mediate"),
)

NAMES: tuple[str, ...] = tuple(act.name for act in ACTS)
INDEX: dict[str, int] = {name: index for index, name in enumerate(NAMES)}
CHOSEN: tuple[int, ...] = tuple(i for i, act in enumerate(ACTS) if act.share > 0)
TOP_RUNG = max(act.rung for act in ACTS)
SEVERE = -3.0
"""Severity from which a hostile act counts as severe: threats and up (assumed)."""
MAJOR = 3.0
"""Severity from which a cooperative act counts as major: material help, agreements (assumed)."""
LADDER_RUNG = 5
"""Lowest rung that a third country notices and a path counts (recall and up); assumed."""
