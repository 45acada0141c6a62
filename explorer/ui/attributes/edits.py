"""What a visitor has dragged and locked: kept, named in a link, received from the browser."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import quote, unquote

REACH = 3.0  # slider units to either side; beyond, most models draw noise
MAX_TEXT = 4000  # characters of a link that are read


@dataclass(frozen=True)
class Edit:
    """How a face is changed.

    Attributes:
        values: Slider units by slider; what is 0 is left out. The slider touched last comes last.
        locks: Sliders whose attribute stays where it is.
        shown: Sliders that are drawn, in their order.
        last: The slider touched last; empty before the first touch.
    """

    values: Mapping[str, float] = field(default_factory=dict)
    locks: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    last: str = ""

    def known(self, keys: Collection[str]) -> Edit:
        """What is left of it where only these sliders exist."""
        return Edit(
            values={key: value for key, value in self.values.items() if key in keys},
            locks=tuple(key for key in self.locks if key in keys),
            shown=tuple(key for key in self.shown if key in keys),
            last=self.last if self.last in keys else "",
        )

    def showing(self, keys: Sequence[str]) -> Edit:
        """With these sliders, and all that are in use, drawn too."""
        return replace(self, shown=tuple(dict.fromkeys((*keys, *self.values, *self.locks))))


def from_link(edit: str, lock: str) -> Edit:
    """The edit that ``Smiling:1.2,Eyeglasses:0.5`` and ``Male,Young`` name.

    What cannot be read is passed over: a damaged link must not break a page.
    """
    values: dict[str, float] = {}
    for part in edit[:MAX_TEXT].split(","):
        name, _, text = part.rpartition(":")
        value = as_value(text)
        if name and value:
            values[unquote(name)] = value
    locks = tuple(dict.fromkeys(unquote(part) for part in lock[:MAX_TEXT].split(",") if part))
    return Edit(values, locks, last=next(reversed(values), ""))


def values_text(edit: Edit) -> str:
    """The values for a link, the slider touched last at the end."""
    ordered = sorted(edit.values.items(), key=lambda item: item[0] == edit.last)
    return ",".join(f"{quote(key, safe='')}:{value:g}" for key, value in ordered)


def locks_text(edit: Edit) -> str:
    """The locks for a link."""
    return ",".join(quote(key, safe="") for key in edit.locks)


def from_message(message: Mapping[str, object], keys: Collection[str]) -> Edit | None:
    """The edit that a browser reports; None when it is none (browsers may lie)."""
    values, last = message.get("values"), message.get("last")
    if not isinstance(values, Mapping) or not isinstance(last, str):
        return None
    read = {str(key): as_value(value) for key, value in values.items()}
    return Edit(
        values={key: value for key, value in read.items() if value},
        locks=_names(message.get("locks")),
        shown=_names(message.get("shown")),
        last=last,
    ).known(keys)


def as_value(value: object) -> float:
    """Slider units within reach, in hundredths; 0 for what is no number."""
    if not isinstance(value, int | float | str):
        return 0.0
    try:
        number = float(value)
    except ValueError:
        return 0.0
    return round(min(REACH, max(-REACH, number)), 2) if math.isfinite(number) else 0.0


def _names(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        return ()
    return tuple(dict.fromkeys(name for name in value if isinstance(name, str)))
