"""95 % intervals of shares and means."""

from __future__ import annotations

import numpy as np

Z = 1.959963984540054


def wilson(hits: int, total: int) -> tuple[float, float]:
    """95 % interval of the share ``hits / total`` (Wilson 1927, J. Am. Stat. Assoc. 22:209)."""
    z, share = 1.959963984540054, hits / total
    centre = share + z * z / (2 * total)
    half = z * float(np.sqrt(share * (1 - share) / total + z * z / (4 * total * total)))
    scale = 1 + z * z / total
    return (
        0.0 if hits == 0 else (centre - half) / scale,
        1.0 if hits == total else (centre + half) / scale,
    )
