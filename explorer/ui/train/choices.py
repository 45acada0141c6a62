"""What can be chosen on the train page, apart from how it is drawn."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from pathlib import Path

from explorer.bundle import BundleError
from explorer.data.at_hand import AtHand, at_hand
from explorer.ui.folders import ROOT

DATA = "LATENT_EXPLORER_DATA"


def sources(environ: Mapping[str, str] = os.environ) -> dict[str, AtHand]:
    """All sources by their titles, those that can be used now first.

    Pictures lie in ``data`` or where ``LATENT_EXPLORER_DATA`` says; no other folder can be
    reached from the page.
    """
    given = environ.get(DATA, "")
    found = at_hand(Path(given).expanduser().resolve() if given else ROOT / "data")
    return {one.title: one for one in sorted(found, key=lambda one: bool(one.missing))}


def root_of(source: AtHand) -> str | None:
    """What ``--root`` has to say; None where the command line looks by itself."""
    default = ROOT / "data" / source.source
    return None if source.root in (None, default) else str(source.root)


def numbers(text: str, *, of: str) -> tuple[float, ...]:
    """Numbers separated by spaces, commas or semicolons.

    Args:
        text: As it was typed.
        of: What they are, for the message.

    Raises:
        BundleError: A word is no number.
    """
    found = []
    for word in text.replace(",", " ").replace(";", " ").split():
        try:
            found.append(float(word))
        except ValueError as error:
            raise BundleError(
                f"{of} holds {word!r}, which is no number; write for example 0 0.075 1 4."
            ) from error
    return tuple(found)


def whole_numbers(text: str, *, of: str) -> tuple[int, ...]:
    """The same, whole.

    Raises:
        BundleError: A word is no whole number.
    """
    found = numbers(text, of=of)
    for value in found:
        if not value.is_integer():
            raise BundleError(f"{of} holds {value:g}; whole numbers are needed, such as 2 8 32.")
    return tuple(int(value) for value in found)


def free_name(base: str, taken: Collection[str]) -> str:
    """A name like ``base`` that nothing has yet."""
    lower = {name.casefold() for name in taken}
    names = [base, *(f"{base}-{number}" for number in range(2, len(lower) + 3))]
    return next(name for name in names if name.casefold() not in lower)
