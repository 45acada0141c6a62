"""A visitor's own directions: those just made and those kept on disk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from explorer.bundle.own_directions import delete_own, load_own, save_own, unpack_own
from explorer.latent import Direction, LatentError
from explorer.ui.state import session

if TYPE_CHECKING:
    from explorer.ui.resources import Opened


@dataclass(frozen=True)
class Own:
    """Directions that people made for a bundle.

    Attributes:
        fresh: Made in this session and not kept; gone with the browser tab.
        kept: On disk, for everybody who uses this app.
        problems: A sentence for each file that could not be read.
    """

    fresh: tuple[Direction, ...]
    kept: tuple[Direction, ...]
    problems: tuple[str, ...]

    @property
    def all(self) -> tuple[Direction, ...]:
        """Both, the fresh ones first; a fresh one hides a kept one of its name."""
        names = {direction.name for direction in self.fresh}
        return self.fresh + tuple(item for item in self.kept if item.name not in names)


def own(opened: Opened) -> Own:
    """What there is now."""
    kept = load_own(opened.bundle)
    return Own(tuple(_fresh(opened)), kept.found, kept.problems)


def add(opened: Opened, direction: Direction) -> None:
    """Puts a direction among the fresh ones.

    Raises:
        LatentError: The name is taken.
    """
    taken = {item.name for item in (*opened.bundle.directions, *own(opened).all)}
    if direction.name in taken:
        raise LatentError(f"There is a slider “{direction.name}” already; choose another name.")
    session().own[opened.identity] = [direction, *_fresh(opened)]


def add_file(opened: Opened, blob: bytes) -> Direction:
    """Puts a direction from a file among the fresh ones.

    Raises:
        BundleError: It is no direction, or one of another model.
        LatentError: The name is taken.
    """
    config = opened.bundle.config
    direction = unpack_own(blob, dim=config.model.latent_dim, sha256=config.weights_sha256)
    add(opened, direction)
    return direction


def keep(opened: Opened, direction: Direction) -> None:
    """Writes a fresh direction to disk.

    Raises:
        BundleError: The name is taken there, or the disk refuses.
    """
    save_own(opened.bundle, direction)
    _forget(opened, direction)


def remove(opened: Opened, direction: Direction) -> None:
    """Forgets a direction, on disk too.

    Raises:
        BundleError: The disk refuses.
    """
    if direction.name in {item.name for item in _fresh(opened)}:
        _forget(opened, direction)
    else:
        delete_own(opened.bundle, direction.name)


def _fresh(opened: Opened) -> list[Direction]:
    return session().own.get(opened.identity, [])


def _forget(opened: Opened, direction: Direction) -> None:
    left = [item for item in _fresh(opened) if item.name != direction.name]
    session().own[opened.identity] = left
