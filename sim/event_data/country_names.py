"""Countries of event data: names and codes of each kind to ISO 3166-1 alpha-3."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sim.errors import require

if TYPE_CHECKING:
    import pandas as pd

MISSING = frozenset({"", "na", "n/a", "nan", "none", "null", "nil", "-", "--", "---", ".", "?"})
"""Words that stand for a missing value, in small letters; Namibia's code NA is not read."""
LONGEST_NAME = 100
"""Characters of the longest name of a country that is looked up."""
NO_COUNTRY, UNKNOWN = -1, -2
"""Positions of a missing word and of a name that is no country."""


NONE = "no country"
CAMEO = {"ROM": "ROU", "MTN": "MNE", "TMP": "TLS", "IMY": "IMN"}
"""Country codes of the CAMEO codebook (1.1b3) that differ from ISO 3166-1 alpha-3."""


REGIONS = frozenset(
    code
    for row in (
        "WSB BAG GZS AFR ASA BLK CRB CAU CFR CAS CEU EIN EAF EEU",
        "EUR LAM MEA MDT NAF NMR PGS SCN SAM SAS SEA SAF WAF WST",
    )
    for code in row.split()
)
"""Codes of the CAMEO codebook for regions and cities, which are no states."""


class Countries:
    """Names and codes of countries to positions in a growing roster, by country_converter.

    The library sees names only: a number is no country, and a code of three letters is looked up in
    the list of codes.
    """

    def __init__(self, kind: str) -> None:
        self.roster: dict[str, int] = {}
        self.codes = {code: code for code in _iso3()} | (CAMEO if kind == "cameo" else {})
        self.names = kind == "names"

    def look_up(self, words: list[str]) -> list[int]:
        """Positions in the roster; ``NO_COUNTRY`` and ``UNKNOWN`` for what is no country."""
        codes = {word: self.codes.get(word.strip().upper(), "") for word in words}
        if self.names:
            named = [w for w in words if not codes[w] and _is_name(w)]
            codes |= dict(zip(named, _by_name(named), strict=True))
        found = []
        for word in words:
            code = codes[word]
            if code:
                found.append(self.roster.setdefault(code, len(self.roster)))
            else:
                region = not self.names and word.strip() in REGIONS
                blank = region or word.strip().casefold() in MISSING
                found.append(NO_COUNTRY if blank else UNKNOWN)
        return found


def _is_name(word: str) -> bool:
    """True if a word may be the name of a country: it has letters, and it is not too long."""
    text = word.strip()
    letters = any(letter.isalpha() for letter in text)
    return letters and len(text) <= LONGEST_NAME and text.casefold() not in MISSING


def _by_name(names: list[str]) -> list[str]:
    """Codes of names of countries; empty if a name fits no country, or two."""
    if not names:
        return []
    found = _converter().pandas_convert(_series(names), src="regex", to="ISO3", not_found=NONE)
    return [code if isinstance(code, str) and code != NONE else "" for code in found]


@lru_cache(maxsize=1)
def _iso3() -> tuple[str, ...]:
    """Every ISO 3166-1 alpha-3 code."""
    return tuple(_converter().data["ISO3"].dropna().unique())


def _series(words: list[str]) -> pd.Series[str]:
    import pandas as pd

    return pd.Series(words, dtype=object)


@lru_cache(maxsize=1)
def _converter() -> Any:
    require("country_converter", "estimation", "data")
    import logging

    import country_converter
    import pandas as pd
    from country_converter.country_converter import COUNTRY_DATA_FILE

    logging.getLogger("country_converter").setLevel(logging.CRITICAL)  # we count them ourselves
    # its own loading (1.3.2) fails under pandas 3, which takes Namibia's NA and blanks for missing
    table = pd.read_csv(
        COUNTRY_DATA_FILE, sep="\t", encoding="utf-8", keep_default_na=False, na_values=[""]
    )
    never = "(?!)"
    return country_converter.CountryConverter(
        country_data=table.assign(ISO2=table["ISO2"].fillna(never))
    )
