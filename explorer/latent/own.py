"""Directions that a user makes from groups of pictures."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from explorer.latent.codes import Floats, LatentError, as_codes
from explorer.latent.directions import Direction
from explorer.latent.fitting import logistic_normal, mean_difference
from explorer.latent.groups import MIN_EXAMPLES, TRAIN, Column, column

Source = Literal["map", "pictures", "labels"]
Finder = Callable[..., Direction]
SOURCES: Mapping[Source, str] = {
    "map": "From two selections on the map",
    "pictures": "From two groups of uploaded pictures",
    "labels": "From a table of labels",
}
FINDERS: Mapping[str, Finder] = {"mean": mean_difference, "logistic": logistic_normal}
MIN_GROUP = 2  # one picture is a place, not what pictures have in common
MAX_NAME = 60
FEW = (
    "Made from fewer than 20 pictures on a side, so it follows what is peculiar to them as much "
    "as what they share; it has not been tried on others."
)
BY_PLACE = (
    "Its groups were chosen by where they lie, so that it tells them apart is no surprise; look "
    "whether the pictures change as you meant."
)


def from_groups(
    with_: ArrayLike, without: ArrayLike, *, name: str, source: Source = "pictures"
) -> Direction:
    """The mean of one group of codes minus that of another; nothing is held out.

    A group of 2 to 19 makes a direction with a caution: in ``scores`` there are then only
    ``num_with`` and ``num_without``, and likewise for larger ones, whose pictures were all used.

    Args:
        with_: Codes (A, D) of the pictures that slider value 1 stands for.
        without: Codes (B, D) of those that 0 stands for.
        name: Given by the user.
        source: Where the groups come from.

    Raises:
        LatentError: A group of fewer than 2, groups with the same mean, or a bad name.
    """
    groups = [as_codes(with_, name="with"), as_codes(without, name="without")]
    sizes = [len(group) for group in groups]
    _require_groups(*sizes)
    means = [group.mean(axis=0, dtype=np.float64) for group in groups]
    vector = means[0] - means[1]
    scale = float(np.linalg.norm(vector))
    if scale <= np.finfo(np.float32).eps * float(np.linalg.norm(means[1])):
        raise LatentError("Both groups have the same mean code; choose pictures that differ.")
    direction = Direction(
        name=clean_name(name),
        method="mean",
        vector=vector.astype(np.float32),
        scale=scale,
        scores={"num_with": float(sizes[0]), "num_without": float(sizes[1])},
        origin=float(means[1] @ vector) / scale**2,
    )
    return _told(direction, sizes, source=source, few=min(sizes) < MIN_EXAMPLES)


def from_marks(
    mu: ArrayLike,
    has: ArrayLike,
    *,
    split: ArrayLike,
    name: str,
    method: str = "mean",
    source: Source = "labels",
) -> Direction:
    """A direction from pictures of the bundle that a user has marked.

    With at least 20 marked training pictures on each side it is found from those and scored on
    the marked held-out ones, as the bundle's own are. With fewer, all marked pictures are used,
    nothing is held out, and it carries a caution.

    Args:
        mu: Codes (N, D).
        has: (N,) 1 with, 0 without, -1 not marked.
        split: (N,) 0 training, anything else held out.
        name: Given by the user.
        method: ``mean``, or ``logistic``, which needs 20 a side.
        source: Where the marks come from.

    Raises:
        LatentError: Fewer than 2 marked on a side, too few for the method, an unknown method, or
            a bad name.
    """
    if method not in FINDERS:
        raise LatentError(f"method is {method!r}; choose one of {', '.join(FINDERS)}.")
    codes = as_codes(mu, name="mu")
    side = column(has, len(codes), name="has")
    _require_groups(int((side == 1).sum()), int((side == 0).sum()))
    train = column(split, len(codes), name="split") == TRAIN
    trained = [int((train & (side == value)).sum()) for value in (1, 0)]
    if min(trained) < MIN_EXAMPLES and method == "mean":
        return from_groups(codes[side == 1], codes[side == 0], name=name, source=source)
    found = FINDERS[method](codes, side, split=split, name=clean_name(name))
    return _told(found, trained, source=source, few=False)


def marks(with_: ArrayLike, without: ArrayLike, *, count: int) -> Column:
    """Who is in which group, (N,): 1 with, 0 without, -1 in neither.

    Args:
        with_: Rows of the one group.
        without: Rows of the other.
        count: N, how many pictures there are.

    Raises:
        LatentError: A picture is in both groups, or there is no such row.
    """
    chosen, others = (np.unique(np.asarray(group, np.int64)) for group in (with_, without))
    both = np.intersect1d(chosen, others)
    if both.size:
        raise LatentError(
            f"{both.size} {'picture is' if both.size == 1 else 'pictures are'} in both groups; "
            "select groups that do not overlap."
        )
    for group in (chosen, others):
        if group.size and (group[0] < 0 or group[-1] >= count):
            raise LatentError(f"rows reach {group[-1]}; there are {count} pictures.")
    has = np.full(count, -1, np.int16)
    has[chosen], has[others] = 1, 0
    return has


def clean_name(text: str) -> str:
    """A name in one line without anything invisible.

    Raises:
        LatentError: Nothing is left of it, or it has more than 60 characters.
    """
    visible = "".join(
        " " if mark.isspace() else mark
        for mark in unicodedata.normalize("NFC", text)
        if mark.isspace() or not unicodedata.category(mark).startswith("C")
    )
    name = " ".join(visible.split())
    if not name:
        raise LatentError("The direction has no name; give it one, such as what the slider adds.")
    if len(name) > MAX_NAME:
        raise LatentError(f"The name has {len(name)} characters; choose at most {MAX_NAME}.")
    return name


def checked(direction: Direction, *, dim: int) -> Direction:
    """A direction that came from outside, made harmless.

    Raises:
        LatentError: Another dimension than the codes', numbers that cannot be, or a bad name.
    """
    name = clean_name(direction.name)
    arrays: dict[str, Floats | NDArray[np.generic] | None] = {
        "vector": direction.vector,
        "normal": direction.normal,
    }
    for kind, array in arrays.items():
        if array is not None and (array.shape != (dim,) or not np.isfinite(array).all()):
            raise LatentError(f"{name}: the {kind} must be {dim} finite numbers.")
    # Codes are stored as float16; a step beyond those is no step between codes.
    if not (0 < direction.scale <= float(np.finfo(np.float16).max)):
        raise LatentError(f"{name}: its length is {direction.scale:g}; nothing can be moved so.")
    if not np.isfinite(direction.origin) or abs(direction.reader @ direction.vector - 1) > 1e-2:
        raise LatentError(f"{name}: what reads positions does not fit the vector.")
    if direction.method not in (*FINDERS, "conditional"):
        raise LatentError(f"{name}: method is {direction.method!r}, which is not known.")
    return replace(direction, name=name, kind="own")


def _require_groups(with_: int, without: int) -> None:
    for size, side in ((with_, "with"), (without, "without")):
        if size < MIN_GROUP:
            raise LatentError(
                f"The group “{side}” has {size} {'picture' if size == 1 else 'pictures'}; a "
                f"direction needs at least {MIN_GROUP} in each group: add some."
            )


def _told(direction: Direction, sizes: Sequence[int], *, source: Source, few: bool) -> Direction:
    cautions = [FEW] if few else []
    if source == "map":
        cautions.append(BY_PLACE)
    return replace(
        direction,
        kind="own",
        made=f"{SOURCES[source]}: {sizes[0]:,} with, {sizes[1]:,} without.",
        caution=" ".join(cautions),
    )
