"""Contact functions: the day in, how much people meet out (1 is as usual)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

Contact = Callable[[float], "float | np.ndarray"]


def pause(start: float | np.ndarray, length: float, strength: float | np.ndarray) -> Contact:
    """Return a pause of ``length`` days that avoids the share ``strength`` of all contacts; arrays broadcast."""

    def contact(day: float) -> np.ndarray:
        active = (day >= np.asarray(start)) & (day < np.asarray(start) + length)
        return 1 - active * np.asarray(strength)

    return contact
