"""The Organization of American States: debate, a vote by the Charter's rules, good offices.

Charter arts. 24-27, 61-62, 84-89. Practice: a raid is condemned in 4 to 6 days and
by a large majority (raid of Quito, April 2024: 29 for, 1 against, 1 abstention); an ambiguous
dispute gets a debate after weeks, if any, and seldom a vote. What comes to a vote is drafted so
that it passes (Costa Rica and Nicaragua 2010: 21 for, 2 against). A resolution needs two thirds of
the members without the parties: 21 of 31. Good offices are a road of their own: the Secretary
General has a mandate if a resolution passes, else he may offer them unasked.
"""

from __future__ import annotations

from sim.institutions._council import Council


class Oas(Council):
    """The Permanent Council, with the votes of its members, and the Secretary General.

    Its settings are the defaults of every body that votes: two thirds of the seats without those of
    the parties (art. 89).
    """

    LABEL = "OAS"
    MEMBERS = "oas"
    TITLE = "Organization of American States: Permanent Council and good offices"
    SOURCE = "OAS Charter arts. 24-27, 84-89; votes of 2008, 2010, 2024"


INSTITUTION = Oas
