"""Inputs by kind, each with what must become of it: the exit status and a part of the message.

Status 0 is good; 2 is bad input, refused before any simulation. Add a row when a new kind of trouble
is found, in the same commit that mends it.
"""

from __future__ import annotations

import gzip
import io
import zipfile
from typing import NamedTuple


class Row(NamedTuple):
    """One input: a name for the report, its content, the exit status, a part of the message."""

    name: str
    content: str | bytes
    status: int
    said: str = ""


# ---- scenarios -------------------------------------------------------------------------------
KEYS = {
    "name": "mine",
    "title": "A case",
    "question": "What follows?",
    "information_date": "2025-06-01",
    "horizon_days": "60",
    "states": "[PER, MEX, CHL]",
    "focal": "[[PER, MEX]]",
    "sources": "[own]",
}


def scenario(more: str = "", **edits: str | None) -> str:
    """The text of a small scenario; None leaves a key out."""
    rows = {**KEYS, **edits}
    return "".join(f"{key}: {value}\n" for key, value in rows.items() if value is not None) + more


ACT = "shocks: {{a: {{kind: act, day: {day}, sender: {a}, target: {b}, act: {act}}}}}\n"
act = "shocks: {a: {kind: act, day: 2025-06-03, sender: PER, target: MEX, act: protest_note}}\n"


def shock(
    day: str = "2025-06-03", a: str = "PER", b: str = "MEX", act: str = "protest_note"
) -> str:
    """A scenario with one scheduled act."""
    return scenario(ACT.format(day=day, a=a, b=b, act=act))


def expect(text: str) -> str:
    """A scenario with one expectation."""
    return scenario(f"expect: [{{{text}, why: it must}}]\n")


SCENARIOS = [
    Row("plain", scenario(), 0, "good"),
    Row("a shock", scenario(act), 0, "1 shocks"),
    Row("byte order mark", "\ufeff" + scenario(), 0, "good"),
    Row("windows lines", scenario().replace("\n", "\r\n"), 0, "good"),
    Row("brackets in the title", scenario(title='"Row [sic] [/bold] [draft 2]"'), 0, "good"),
    Row("a dollar in the title", scenario(title="'costs $5 and $\\bad$'"), 0, "good"),
    Row("a reference in the title", scenario(title="'${oc.env:HOME}'"), 0, "good"),
    Row("a formula as title", scenario(title="'=1+1'"), 0, "good"),
    Row("other script", scenario(title="Перу и Мексика 秘鲁"), 0, "good"),
    Row("key twice", scenario("horizon_days: 300\n"), 2, "mine.yaml:9: has a key twice"),
    Row("shock twice", scenario("shocks:\n  a: {}\n  a: {}\n"), 2, "mine.yaml:11: has a key twice"),
    Row("key twice in braces", scenario("what_ifs: {a: 1, a: 2}\n"), 2, "has a key twice"),
    Row("aliases", scenario("what_ifs: &a {}\nshocks: *a\n"), 2, "must not have aliases"),
    Row("a hundred laughs", "a: &a [x]\n" + "".join(
        f"{b}: &{b} [*{a}, *{a}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)), 2, "alias"),
    Row("deep lists", scenario("shocks: " + "[" * 500 + "]" * 500), 2, "levels deep"),
    Row("deep mappings", "".join(" " * k + f"k{k}:\n" for k in range(200)), 2, "levels deep"),
    Row("large", scenario(title="x" * 1_100_000), 2, "no larger than"),
    Row("long title", scenario(title="x" * 20_000), 2, "title"),
    Row("escape code", scenario(title='"\\e[31mred"'), 2, "control character"),
    Row("direction mark", scenario(title='"\\u202Eabc"'), 2, "control character"),
    Row("null character", scenario(title='"a\\0b"'), 2, "control character"),
    Row("bell", scenario(question='"\\a"'), 2, "control character"),
    Row("tag of Python", scenario(title="!!python/object/apply:os.system [id]"), 2, "valid YAML"),
    Row("tag of a tuple", scenario(title="!!python/tuple [a]"), 2, "valid YAML"),
    Row("no mapping", "- a\n- b\n", 2, "must be a mapping"),
    Row("empty", "", 2, "must be a mapping"),
    Row("only a comment", "# nothing\n", 2, "must be a mapping"),
    Row("broken quotes", scenario(title="'open"), 2, "mine.yaml"),
    Row("tabs", "name:\tmine\n\tx: 1\n", 2, "valid YAML"),
    Row("not UTF-8", scenario().encode() + b"# caf\xe9\n", 2, "cannot be read as UTF-8"),
    Row("UTF-16", scenario().encode("utf-16"), 2, "mine.yaml"),
    Row("binary", bytes(range(256)), 2, "mine.yaml"),
    Row("a number of 5,000 digits", scenario(horizon_days="1" * 5000), 2, "mine.yaml"),
    Row("hydra node", scenario("hydra: {run: {dir: x}}\n"), 2, "no such key"),
    Row("defaults", scenario("defaults: [{experiment: ci}]\n"), 2, "no such key"),
    Row("target", scenario("_target_: builtins.open\n"), 2, "no such key"),
    Row("package", scenario("'/hydra/launcher@x': basic\n"), 2, "no such key"),
    Row("unknown key", scenario("horizn_days: 3\n"), 2, "did you mean: horizon_days"),
    Row("no name", scenario(name=None), 2, "is missing"),
    Row("name with spaces", scenario(name="my case"), 2, "must match the pattern"),
    Row("name that climbs", scenario(name="../x"), 2, "must match the pattern"),
    Row("one state", scenario(states="[PER]"), 2, "states"),
    Row("unknown state", scenario(states="[PER, MEX, QQQ]"), 2, "detente list states"),
    Row("state twice", scenario(states="[PER, MEX, PER]"), 2, "every state once"),
    Row("401 states", scenario(states="[" + ", ".join(["PER"] * 401) + "]"), 2, "states"),
    Row("focal state outside", scenario(focal="[[PER, BRA]]"), 2, "one of the scenario's states"),
    Row("focal pair of one", scenario(focal="[[PER, PER]]"), 2, "pairs of two states"),
    Row("focal of three", scenario(focal="[[PER, MEX, CHL]]"), 2, "focal"),
    Row("no focal pair", scenario(focal="[]"), 2, "focal"),
    Row("year 9999", scenario(information_date="9999-12-31"), 2, "2200-12-31 or less"),
    Row("year 1", scenario(information_date="0001-01-01"), 2, "1800-01-01 or more"),
    Row("30 February", scenario(information_date="2025-02-30"), 2, "must be a date"),
    Row("date of another order", scenario(information_date="01/06/2025"), 2, "must be a date"),
    Row("record after the date", scenario("record_from: 2026-01-01\n"), 2, "information date"),
    Row("horizon 0", scenario(horizon_days="0"), 2, "must be 1 or more"),
    Row("horizon of a century and more", scenario(horizon_days="40000"), 2, "36500 or less"),
    Row("horizon of half days", scenario(horizon_days="1.5"), 2, "whole number"),
    Row("horizon nan", scenario(horizon_days=".nan"), 2, "horizon_days"),
    Row("horizon in words", scenario(horizon_days="many"), 2, "whole number"),
    Row("shock before", shock(day="2025-05-01"), 2, "after the information date"),
    Row("shock by a stranger", shock(a="BRA"), 2, "one of the scenario's states"),
    Row("shock on itself", shock(b="PER"), 2, "two different states"),
    Row("unknown act", shock(act="protest_notes"), 2, "did you mean: protest_note"),
    Row("shock of no kind", scenario("shocks: {a: {day: 2025-06-03}}\n"), 2, "kind: is missing"),
    Row("shock of a new kind", scenario("shocks: {a: {kind: war}}\n"), 2, "must be one of"),
    Row("ideology nan", scenario(
        "shocks: {a: {kind: handover, day: 2025-06-03, state: PER, ideology: .nan}}\n"), 2, "ideology"),
    Row("parameter unknown", scenario("parameters: {trust.kapa: 0.1}\n"), 2, "no such parameter"),
    Row("parameter out of range", scenario("parameters: {trust.kappa: 9}\n"), 2, "in [0, 0.2]"),
    Row("parameter nan", scenario("parameters: {trust.kappa: .nan}\n"), 2, "must be a number"),
    Row("parameter infinite", scenario("parameters: {trust.kappa: .inf}\n"), 2, "must be a number"),
    Row("institution unknown", scenario("institutions: {oass: {}}\n"), 2, "oas"),
    Row("setting unknown", scenario("institutions: {oas: {dely: 1}}\n"), 2, "delay_days"),
    Row("setting nan", scenario("institutions: {oas: {delay_days: .nan}}\n"), 2, "delay_days"),
    Row("expectation nan", expect("outcome: severed_at_30, between: [.nan, 1]"), 2, "a number"),
    Row("expectation reversed", expect("outcome: severed_at_30, between: [1, 0]"), 2, "low end"),
    Row("expectation unknown", expect("outcome: sevred_at_30, between: [0, 1]"), 2, "severed_at_30"),
    Row("expectation of code", expect("outcome: __import__('os'), between: [0, 1]"), 2, "outcome"),
    Row("expectation of nothing", expect("between: [0, 1]"), 2, "exactly one of"),
    Row("expectation of a stranger", expect("trust: PER-BRA, at_day: 3, between: [0, 1]"), 2, "one of"),
    Row("a what-if that is no scenario", scenario(
        "what_ifs: {w: {title: W, edits: {horizon_days: -1}}}\n"), 2, "what-if w"),
    Row("a what-if with an unknown act", scenario(
        act + "what_ifs: {w: {title: W, edits: {shocks: {a: {act: none}}}}}\n"), 2, "known act"),
    Row("a what-if that takes a shock away", scenario(
        act + "what_ifs: {w: {title: W, edits: {shocks: {a: null}}}}\n"), 0, "shock a is taken away"),
    Row("record that is not there", scenario("record: [no.csv]\n"), 2, "mine.yaml:9: record.0: no such"),
    Row("record elsewhere", scenario("record: [/etc/passwd]\n"), 2, "in the folder of its scenario"),
    Row("record above", scenario("record: [../x.csv]\n"), 2, "in the folder of its scenario"),
    Row("record that is a device", scenario("record: [/dev/zero]\n"), 2, "in the folder"),
    Row("record that is a folder", scenario("record: [.]\n"), 2, "record.0"),
    Row("record of a what-if elsewhere", scenario(
        "what_ifs: {w: {title: W, edits: {record: [/etc/passwd]}}}\n"), 2, "in the folder"),
    Row("record of no text", scenario("record: [3]\n"), 2, "record"),
    Row("bad record", scenario("record: [bad.csv]\n"), 2, "bad.csv:2, column target"),
    Row("good record", scenario("record: [good.csv]\n"), 0, "390 rows of record"),
    Row("only its own record", scenario(
        "record: [good.csv]\nshipped_record: false\n"), 0, "2 rows of record"),
    Row("a shipped record by name", scenario("record: [region_2019_2025.csv]\n"), 0, "388 rows"),
]  # fmt: skip

# ---- records ---------------------------------------------------------------------------------
HEADER = "date,precision,sender,target,act,summary,source,confidence,note"
GOOD = [
    "2024-02-29,day,PER,MEX,critical_statement,Words,general public record,high,",
    "2024-03-01,day,MEX,PER,critical_statement,An answer,general public record,high,",
]


def record(*rows: str, header: str = HEADER) -> str:
    """The text of a record: two good rows, then others."""
    return "\n".join([header, *GOOD, *rows]) + "\n"


def event(**edits: str) -> str:
    """A row of a record."""
    cells = {
        "date": "2024-03-02",
        "precision": "day",
        "sender": "PER",
        "target": "MEX",
        "act": "protest_note",
        "summary": "A note",
        "source": "general public record",
        "confidence": "high",
        "note": "",
    } | edits
    return ",".join(cells.values())


RECORDS = [
    Row("plain", record(event()), 0, "3 events"),
    Row("byte order mark", "\ufeff" + record(), 0, "good"),
    Row("windows lines", record().replace("\n", "\r\n"), 0, "good"),
    Row("old Macintosh lines", record().replace("\n", "\r"), 0, "good"),
    Row("blank lines", record("", event(), ""), 0, "3 events"),
    Row("quoted comma", record(event(summary='"one, two"')), 0, "good"),
    Row("line end in a cell", record(event(summary='"one\ntwo"')), 0, "good"),
    Row("further column", "\n".join([HEADER + ",mine", GOOD[0] + ",x"]), 0, "1 events"),
    Row("more cells", record(event() + ",too many"), 2, "record.csv:4: has more cells"),
    Row("fewer cells", record("2024-03-02,day,PER"), 2, "record.csv:4: has fewer cells"),
    Row("column twice", record(header=HEADER + ",date"), 2, "two columns of one name"),
    Row("column missing", record(header=HEADER.replace("act,", "")), 2, "lacks columns act"),
    Row("no header", "\n".join(GOOD), 2, "lacks columns"),
    Row("semicolons", record().replace(",", ";"), 2, "lacks columns"),
    Row("a foreign file", "root:x:0:0:root:/root:/bin/bash\n", 2, "a first line of 1 cells"),
    Row("empty", "", 2, "lacks columns"),
    Row("header only", HEADER + "\n", 2, "the record is empty"),
    Row("unclosed quote", record(event(summary='"open')), 2, "record.csv"),
    Row("not UTF-8", record().encode() + b"2024-03-02,day,P\xe9,MEX\n", 2, "UTF-8"),
    Row("UTF-16", record().encode("utf-16"), 2, "UTF-8"),
    Row("null character", record(event(summary="a\0b")), 2, "record.csv"),
    Row("escape code", record(event(summary="\x1b[31m")), 2, "control character"),
    Row("direction mark", record(event(note="\u202e")), 2, "control character"),
    Row("long cell", record(event(summary="x" * 10_000)), 2, "no more than 5,000"),
    Row("very long cell", record(event(summary="x" * 200_000)), 2, "record.csv"),
    Row("long country", record(event(sender="x" * 4_000)), 2, "must be a known sender"),
    Row("unknown country", record(event(target="MEXX")), 2, "did you mean: MEX"),
    Row("missing word as country", record(event(target="NA")), 2, "must be a known target"),
    Row("number as country", record(event(target="70")), 2, "must be a known target"),
    Row("small letters", record(event(target="mex")), 2, "did you mean: MEX"),
    Row("unknown act", record(event(act="sulk")), 2, "must be a known act"),
    Row("date of another order", record(event(date="02/03/2024")), 2, "must be a date"),
    Row("date without dashes", record(event(date="20240302")), 2, "must be a date"),
    Row("week date", record(event(date="2024-W10-1")), 2, "must be a date"),
    Row("year 24", record(event(date="0024-03-02")), 2, "must be a date"),
    Row("30 February", record(event(date="2024-02-30")), 2, "must be a date"),
    Row("dates that go back", record(event(date="2024-01-01")), 2, "must not decrease"),
    Row("repeated row", record(GOOD[1]), 2, "repeats the event"),
    Row("against protocol", record(event(act="relations_restored")), 2, "protocol requires"),
    Row("accepted by its note", record(
        event(act="relations_restored", note="accepted: as the press says")), 0, "accepted because"),
    Row("no source", record(event(source="")), 2, "needs a source"),
    Row("unknown confidence", record(event(confidence="sure")), 2, "known confidence"),
    Row("an act on itself", record(event(target="PER")), 2, "two parties"),
    Row("formula", record(event(summary="=cmd|' /C calc'!A0")), 0, "good"),
]  # fmt: skip

# ---- event data ------------------------------------------------------------------------------
CODES = ("PER", "CHL", "COL", "MEX")
ACTS = ("threat", "protest_note", "consultation", "critical_statement")


def _days(count: int) -> list[str]:
    return [f"2016-{1 + k % 12:02d}-{1 + k % 28:02d}" for k in range(count)]


def events(*more: str, count: int = 100) -> str:
    """A file of the project's own format, with further rows."""
    rows = [
        f"{day},{CODES[k % 4]},{CODES[(k + 1) % 4]},{ACTS[k % 4]}"
        for k, day in enumerate(_days(count))
    ]
    return "\n".join(["date,sender,target,act", *rows, *more]) + "\n"


def gdelt(
    codes: tuple[str, ...] = ("010", "043", "112", "130"),
    countries: tuple[str, ...] = CODES,
    width: int = 61,
    count: int = 40,
) -> str:
    """Rows of a GDELT export file."""
    lines = []
    for k, day in enumerate(_days(count)):
        cells = [""] * width
        cells[0], cells[1] = str(k), day.replace("-", "")
        cells[7] = countries[k % len(countries)]
        cells[17] = countries[(k + 1) % len(countries)]
        cells[26] = codes[k % len(codes)]
        lines.append("\t".join(cells))
    return "\n".join(lines) + "\n"


ICEWS_HEADER = (
    "Event ID\tEvent Date\tSource Name\tSource Sectors\tSource Country\tEvent Text\tCAMEO Code\t"
    "Intensity\tTarget Name\tTarget Sectors\tTarget Country"
)


def icews(sector: str = "Government", country: str = "Chile", code: str = "111") -> str:
    """Rows of ICEWS as published; the last ten have the given sector, target and code."""
    lines = [ICEWS_HEADER]
    for k, day in enumerate(_days(40)):
        mine = k >= 30
        cells = [str(k), day, "Citizen (Peru)", sector if mine else "Executive,Government", "Peru"]
        cells += ["text", code if mine else "043", "1", "Army", "Government"]
        lines.append("\t".join([*cells, country if mine else "Chile"]))
    return "\n".join(lines) + "\n"


POLECAT_HEADER = (
    "Event ID\tEvent Date\tEvent Type\tEvent Mode\tActor Country\tPrimary Actor Sector\t"
    "Recipient Country\tPrimary Recipient Sector"
)


def polecat(recipient: str = "CHL", tail: str = "", header: str = POLECAT_HEADER) -> str:
    """Rows of POLECAT; ``tail`` stands behind every row."""
    rows = [
        f"e{k}\t{day}\tACCUSE\tdisapprove\tPER\tGOV\t{recipient if k % 2 else 'COL'}\tGOV{tail}"
        for k, day in enumerate(_days(40))
    ]
    return "\n".join([header, *rows]) + "\n"


def packed(text: str, files: int = 1) -> bytes:
    """A zip archive."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for k in range(files):
            archive.writestr(f"{k}.csv", text)
    return held.getvalue()


EVENTS = [
    Row("plain", events(), 0, "events of 4 states, 2016-01-01 to 2016-12-28"),
    Row("byte order mark", "\ufeff" + events(), 0, "4 states"),
    Row("windows lines", events().replace("\n", "\r\n"), 0, "4 states"),
    Row("gzip", gzip.compress(events().encode()), 0, "4 states"),
    Row("damaged gzip", gzip.compress(events(count=3000).encode())[:2000] + b"xx", 2, "cannot be read"),
    Row("damaged gzip header", b"\x1f\x8b" + b"\0" * 40, 2, "cannot be read"),
    Row("zip", packed(events()), 0, "4 states"),
    Row("zip of two files", packed(events(), 2), 2, "an archive of one file"),
    Row("damaged zip", packed(events())[:200], 2, "cannot be read"),
    Row("quoted cells", events().replace("PER", '"PER"'), 0, "4 states"),
    Row("names of countries", events("2016-05-05,Peru,South Korea,threat"), 0, "5 states"),
    Row("blank line", events("", "2016-05-05,PER,CHL,threat"), 0, "4 states"),
    Row("missing word NA", events("2016-05-05,NA,PER,threat"), 0, "no country is given (line 102: NA"),
    Row("missing word None", events("2016-05-05,None,PER,threat"), 0, "no country is given"),
    Row("missing word null", events("2016-05-05,PER,null,threat"), 0, "no country is given"),
    Row("Namibia by name", events("2016-05-05,Namibia,PER,threat"), 0, "5 states"),
    Row("COW number", events("2016-05-05,70,PER,threat"), 0, "a country is not known (line 102: 70"),
    Row("unknown country", events("2016-05-05,Atlantis,PER,threat"), 0, "Atlantis 1"),
    Row("name of 10,000 letters", events(f"2016-05-05,{'x' * 10_000},PER,threat"), 0, "not known"),
    Row("escape code in a name", events("2016-05-05,\x1b[31mX,PER,threat"), 0, "\\u001b[31mX"),
    Row("many faults", events(*["2016-05-05,QQQ,PER,threat"] * 9), 0, "WARNING: 9 rows"),
    Row("unknown act", events("2016-05-05,PER,CHL,sulk"), 0, "code is not known (line 102: sulk"),
    Row("more cells", events("2016-05-05,PER,CHL,threat,x"), 0, "more cells than names (line 102"),
    Row("fewer cells", events("2016-05-05,PER,CHL"), 0, "fewer cells than names (line 102"),
    Row("empty cells at the end", events("2016-05-05,PER,CHL,threat,,"), 0, "4 states"),
    Row("all rows shifted", events().replace(",PER,", ",PER,x,"), 0, "WARNING"),
    Row("column twice", events().replace("target,act", "target,act,date"), 2, "columns of one name"),
    Row("column missing", events().replace("target,act", "target,deed"), 2, "no known format"),
    Row("stray date", events("1920-01-01,PER,CHL,threat"), 0, "lies years from all others (line 102"),
    Row("many rows of another century", events(*["1920-01-01,PER,CHL,threat"] * 8),
        2, "8 of 108 rows lie 96 years from all others"),
    Row("stray future", events("2099-01-01,PER,CHL,threat"), 0, "lies years from all others"),
    Row("year 1", events("0001-01-01,PER,CHL,threat"), 0, "the date cannot be read (line 102"),
    Row("a year in another order", events(*[f"{1 + k % 28}/02/2017,PER,CHL,threat" for k in range(40)]),
        2, "would count as quiet"),
    Row("no date at all", events(count=0) + "soon,PER,CHL,threat\n", 2, "the date cannot be read"),
    Row("not UTF-8", events().encode() + b"2016-05-05,P\xe9rou,CHL,threat\n", 2, "UTF-8"),
    Row("UTF-16", events().encode("utf-16"), 2, "UTF-8"),
    Row("null characters", events().encode() + b"\0\0\0\n", 0, "fewer cells"),
    Row("empty", "", 2, "matches no known format"),
    Row("header only", events(count=0), 2, "at least one event"),
    Row("a foreign file", "root:x:0:0:root:/root\n", 2, "a first line of 21 characters"),
    Row("semicolons", events().replace(",", ";"), 2, "matches no known format"),
    Row("GDELT 2.0", gdelt(), 0, "(gdelt): 40 events"),
    Row("GDELT 1.0", gdelt(width=58), 0, "(gdelt): 40 events"),
    Row("GDELT 1.0 without address", gdelt(width=57), 0, "(gdelt): 40 events"),
    Row("GDELT packed", packed(gdelt()), 0, "(gdelt): 40 events"),
    Row("GDELT without zeros", gdelt(("10", "43", "112", "130")), 2, "lost their leading zeros"),
    Row("GDELT countries of CAMEO", gdelt(countries=("ROM", "MTN", "TMP", "PER")), 0, "40 events of 4"),
    Row("GDELT regions", gdelt(countries=("PER", "CHL", "AFR", "EUR")), 0, "no country is given"),
    Row("GDELT without a country", gdelt(countries=("PER", "CHL", "")), 0, "no country is given"),
    Row("ICEWS", icews(), 0, "(icews): 40 events"),
    Row("ICEWS out of government", icews(sector="Out Of Government"), 0, "10 rows, an actor is no state"),
    Row("ICEWS missing country", icews(country="NA"), 0, "10 rows, no country is given"),
    Row("ICEWS unknown code", icews(code="999"), 0, "WARNING"),
    Row("POLECAT", polecat(), 0, "(polecat): 40 events"),
    Row("POLECAT two recipients", polecat("CHL; MEX"), 0, "(polecat): 60 events"),
    Row("POLECAT tabs at the end", polecat(tail="\t\t"), 0, "(polecat): 40 events"),
    Row("POLECAT more names", polecat(header=POLECAT_HEADER + "\tMore"), 2, "header has 9 names"),
]  # fmt: skip

# ---- parameter files: an edit of the shipped file -------------------------------------------
PARAMETERS = [
    ("as shipped", "", "", 0, ""),
    ("value of text", "kappa: {value: 0.03", "kappa: {value: abc", 2, "kappa.value: must be a number"),
    ("value nan", "kappa: {value: 0.03", "kappa: {value: .nan", 2, "kappa.value"),
    ("value infinite", "kappa: {value: 0.03", "kappa: {value: .inf", 2, "kappa.value"),
    ("value true", "kappa: {value: 0.03", "kappa: {value: true", 2, "kappa.value"),
    ("value a list", "kappa: {value: 0.03", "kappa: {value: [1]", 2, "kappa.value"),
    ("value out of range", "kappa: {value: 0.03", "kappa: {value: 9", 2, "must be in [0, 0.2]"),
    ("range reversed", "range: [0, 0.2]", "range: [0.2, 0]", 2, "low end first"),
    ("range of three", "range: [0, 0.2]", "range: [0, 0.1, 0.2]", 2, "range"),
    ("range nan", "range: [0, 0.2]", "range: [.nan, 0.2]", 2, "range"),
    ("prior negative", "range: [0, 0.2], prior: 0.005", "range: [0, 0.2], prior: -1", 2, "prior"),
    ("prior nan", "range: [0, 0.2], prior: 0.005", "range: [0, 0.2], prior: .nan", 2, "prior"),
    ("interval elsewhere", "interval: [0.2419, 0.349]", "interval: [0.5, 0.6]", 2, "the interval must"),
    ("interval nan", "interval: [0.2419, 0.349]", "interval: [.nan, 1]", 2, "interval"),
    ("key unknown", "unit: \"per severity\", range: [0, 0.2]", "unit: x, rang: [0, 0.2]", 2, "no such key"),
    ("parameter unknown", "  kappa: {", "  kapa: {", 2, "trust.kapa"),
    ("parameter twice", "  kappa: {", "  negativity: {value: 1}\n  kappa: {", 2, "has a key twice"),
    ("share above 1", "apology: {value: 0.000474", "apology: {value: 3", 2, "shares.apology.value"),
    ("shares of another sum", "agreement: {value: 0.1131", "agreement: {value: 0.5", 2, "agreement"),
    ("share of no act", "  apology: {value: 0.000474", "  apolog: {value: 0.000474", 2, "no such act"),
    ("pool nan", "mean: [0.000824, 0.00057553, 0.010781]", "mean: [.nan, -1, 1]", 2, "pool.mean.0"),
    ("pool negative", "mean: [0.000824, 0.00057553, 0.010781]", "mean: [0.001, -1, 1]", 2, "pool.mean.1"),
    ("pool of one", "mean: [0.000824, 0.00057553, 0.010781]", "mean: [0.001]", 2, "pool.mean"),
    ("pool of text", "worth: 3", "worth: much", 2, "pool.worth"),
    ("pool without a key", "  worth: 3", "", 2, "worth"),
    ("a section of text", "pool:\n", "pool: none\nother:\n", 2, "pool"),
]  # fmt: skip

# ---- experiments -----------------------------------------------------------------------------
EXPERIMENTS = [
    Row("nothing to execute", "replicates: 3\n", 0),
    Row("a reference", "scenario: {title: '${oc.env:HOME}'}\n", 0),
    Row("a list", "- a\n", 2, "must be a mapping"),
    Row("a scenario by name", "scenario: quiet_neighbours\n", 2, "must be a mapping of keys"),
    Row("unknown key", "replcates: 3\n", 2, "mine.yaml:1: replcates: no such key"),
    Row("a key with parts", "replicates: {a: 1}\n", 2, "no such key"),
    Row("a target", "_target_: builtins.open\n", 2, "no such key"),
    Row("a callback", "hydra: {callbacks: {x: {_target_: builtins.open}}}\n", 2, "must not instruct"),
    Row("a launcher", "hydra: {launcher: {_target_: os.getcwd}}\n", 2, "must not instruct"),
    Row("a search path", "hydra: {searchpath: [file:///tmp]}\n", 2, "must not instruct"),
    Row("defaults", "defaults: [{override scenario: x}]\n", 2, "must not choose other files"),
    Row("a package", "'scenario@_global_': x\n", 2, "must not choose other files"),
    Row("a swept reference", "hydra: {sweeper: {params: {seed: '${oc.env:HOME}'}}}\n", 2, "must not refer"),
    Row("a swept instruction", "hydra: {sweeper: {params: {hydra.run.dir: x}}}\n", 2, "no such key"),
    Row("a sweep without end", "hydra: {mode: MULTIRUN, sweeper: {params: {seed: 'range(0,100000000)'}}}\n", 2, "at most 100,000"),
    Row("a place to write", "output: /tmp/x\n", 2, "for the command line only"),
    Row("a scheduler to call", "executor: dask\naddress: tcp://evil:1\n", 2, "for the command line only"),
    Row("a record", "scenario: {record: [/etc/passwd]}\n", 2, "for the command line only"),
    Row("key twice", "seed: 1\nseed: 2\n", 2, "has a key twice"),
]  # fmt: skip

# ---- words of a command line: Hydra's grammar does not reach them ---------------------------
OUTPUTS = [
    "2025",
    "0",
    "1.10",
    "1_1",
    "true",
    "null_",
    "[a]",
    "a b",
    "résumé",
    "it's",
    "${x}",
    "a,b",
]
"""Names of folders that the grammar of overrides takes for something else."""
SCENARIO_FILES = ["perú.yaml", "caso (1).yaml", "2025.yaml", "null.yaml", "a,b.yaml", "x=y.yaml"]
"""Names of files that it takes for something else."""
WORDS = [
    (["replicates=0"], "must be 1 or more"),
    (["replicates=1e9"], "replicates"),
    (["replicates=many"], "must be a whole number"),
    (["seed=-1"], "must be 0 or more"),
    (["horizon_days=0"], "must be 1 or more"),
    (["tick_days=0.3"], "must be 0.5 or more"),
    (["tick_days=nan"], "tick_days"),
    (["workers=-1"], "must be 0 or more"),
    (["workers=2000"], "1024 or less"),
    (["horizon_days=null", "until=2020-01-01"], "after the information date"),
    (["horizon_days=null", "until=soon"], "must be a date"),
    (["replcates=3"], "did you mean: replicates"),
    (["events=none"], "must be focal or all"),
    (["executor=cloud"], "no such executor"),
    (["executor=dask"], "works only for sweeps"),
    (["what_if=nothing"], "no such what-if"),
    (["scenario=nowhere"], "no such scenario"),
    (["scenario=nowhere.yaml"], "no such file"),
    (["experiment=nothing"], "no such experiment"),
    (["parameters.trust.kapa=1"], "did you mean: parameters.trust.kappa"),
    (["parameters.trust=1"], "is a group of settings"),
    (["parameters.trust.kappa=9"], "must be a number in"),
    (["institutions.oas.delay_days=soon"], "delay_days"),
    (["output="], "must not be empty"),
    (["output=" + "a" * 300], "no more than"),
    (["output=/dev/null"], "must be new or empty"),
    (["output=/proc/x/y"], "cannot be written"),
    (["scenario.title=\x1b[2J"], "control character"),
    (["~replicates"], "takes away one entry"),
    (["~scenario.title"], "takes away one entry"),
    (["~scenario.shocks.nothing"], "none to take away"),
    (["oops"], "key=value"),
    (["--retry-failed"], "needs a sweep"),
    (["--config-dir", "x"], "are not read"),
    (["scenario.shocks={x: {kind: act, day: 2025-11-10, sender: PER, target: MEX, act: wink}}"],
     "known act"),
    (["scenario.record=[/dev/zero]"], "must be a regular file"),
    (["scenario.record=[nowhere.csv]"], "no such file"),
]  # fmt: skip
