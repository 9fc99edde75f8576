"""Settings that every third party has."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class Settings(BaseModel):
    """Settings of every third party; all values assumed unless an institution names a source.

    Attributes
    ----------
    enabled
        Whether it takes part in the run.
    weight
        Share of the full effect, 0 to 1; with 0 it takes no part.
    delay_days
        Days from the act that opens the dispute to the offer, 0 to 36,500.
    chance
        Chance that it offers at all when the day has come, 0 to 1.
    bias, bias_towards
        Bias, 0 to 1, and the state that it favours (ISO code).
    own_information
        Information of its own, 0 to 1.
    working_days
        Days after which its work fails without a result, 1 to 36,500.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    enabled: bool = True
    weight: float = Field(1.0, ge=0, le=1)
    delay_days: float = Field(30.0, ge=0, le=36_500)
    chance: float = Field(1.0, ge=0, le=1)
    bias: float = Field(0.0, ge=0, le=1)
    bias_towards: str = ""
    own_information: float = Field(0.7, ge=0, le=1)
    working_days: float = Field(365.0, ge=1, le=36_500)
