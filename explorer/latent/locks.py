"""How directions hang together, and a direction that leaves other attributes where they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from explorer.latent.codes import Doubles, LatentError
from explorer.latent.directions import Direction

ENTANGLED = 0.2  # standard deviations
KEPT = 0.6  # share of what an edit does to the own attribute
NOTHING_LEFT = 1e-3  # share of a direction below which rounding decides where the rest points
RANK = 1e-6  # of the largest singular value: locked normals closer to dependent count once


def conditional(
    direction: Direction, locked: Sequence[Direction], *, own: Direction | None = None
) -> Direction:
    """The direction without what the classifiers of locked attributes would see of it.

    Conditional manipulation (Shen et al. 2020, "InterFaceGAN", section 3.3), for any number of
    locked attributes: with the columns of W their normals, ``d' = d - W (Wᵀ W)⁻¹ Wᵀ d`` changes
    nothing of what W reads. It is then lengthened to move the reading of ``own`` by 1 per unit
    of alpha, so that a lock does not weaken the slider.

    Takes well below a millisecond: it is called while a user clicks locks.

    Args:
        direction: What is to be moved along, by any method.
        locked: What is to stay where it is, by the method ``logistic``.
        own: The attribute's own classifier, by the method ``logistic``; by default ``direction``
            reads itself. A mean difference is a poor reader once much of it is locked: what is
            left may follow it and yet do little to the attribute.

    Returns:
        A direction of the method ``conditional``; its scores hold ``share``, the part of the
        squared length of ``direction`` that is left before lengthening.

    Raises:
        LatentError: Nothing is left, or the dimensions differ.
    """
    own = own or direction
    reader = own.reader
    vector = direction.vector.astype(np.float64)
    free = vector - _within(vector, [other.reader for other in locked], direction=direction)
    share = float(free @ free) / float(vector @ vector)
    moved = float(free @ reader)
    # The reading too: a user's locks may leave a rest that moves everything but the attribute.
    if share < NOTHING_LEFT or moved < NOTHING_LEFT:
        names = ", ".join(other.name for other in locked)
        raise LatentError(
            f"{direction.name}: nothing is left of the direction when {names} stay where they "
            "are; unlock one of them."
        )
    step = free / moved
    return replace(
        direction,
        method="conditional",
        vector=step.astype(np.float32),
        scale=float(np.linalg.norm(step)),
        scores={"share": share},
        origin=own.origin,
        normal=reader.astype(np.float32),
        locks=tuple(other.name for other in locked),
    )


def default_locks(
    direction: Direction, classifiers: Sequence[Direction], *, own: Direction | None = None
) -> list[Direction]:
    """Which attributes a direction had better leave where they are.

    One after the other, the attribute that an edit by 1 moves most while those before it are
    locked, until none moves by more than a fifth of a standard deviation: of the readings within
    the pictures with, and within those without it. In slider units alone the attributes that
    codes hardly tell would come first, as their means with and without lie close together.

    An attribute is left out if locking it too would leave less than 60 % of what the edit does
    to its own attribute. It is nearly the same thing, as raised cheeks are to a smile, and an
    edit that must not touch it has to go so far that it changes everything else.

    Args:
        direction: What is to be moved along, by any method.
        classifiers: What may be locked, by the method ``logistic``.
        own: The attribute's own classifier; by default ``direction`` reads itself.
    """
    reader = (own or direction).reader
    vector = direction.vector.astype(np.float64)
    normals = _stacked([item.reader for item in classifiers])
    spreads = np.array([_in_deviations(item) for item in classifiers])
    open_, locks = list(range(len(classifiers))), list[int]()
    free = vector
    while open_:
        moves = np.abs(normals[open_] @ free) * spreads[open_] / (free @ reader)
        strongest = int(moves.argmax())
        if moves[strongest] <= ENTANGLED:
            break
        place = open_.pop(strongest)
        tried = [normals[number] for number in (*locks, place)]
        rest = vector - _within(vector, tried, direction=direction)
        if rest @ reader >= KEPT * (vector @ reader):
            free = rest
            locks.append(place)
    return [classifiers[place] for place in locks]


def _in_deviations(classifier: Direction) -> float:
    """One slider unit in standard deviations of the readings; 1 where nothing was held out."""
    size = abs(classifier.scores.get("effect_size", np.nan))
    return size if np.isfinite(size) else 1.0


def entanglement(
    directions: Sequence[Direction], classifiers: Sequence[Direction] | None = None
) -> Doubles:
    """How far each edit by 1 moves each attribute, (E, A), in slider units of the attribute.

    Row i, column j is what the reading of ``classifiers[j]`` changes by when codes move by 1
    along ``directions[i]``; it is the same for every code. 1 is from the attribute's mean
    without to its mean with.

    Args:
        directions: The edits, by any method.
        classifiers: What is read, by the method ``logistic``; by default ``directions``.
    """
    steps = _stacked([item.vector for item in directions])
    return steps @ _stacked([item.reader for item in classifiers or directions]).T


def cosines(directions: Sequence[Direction]) -> Doubles:
    """The cosine between each two directions, (A, A): 1 the same way, 0 unrelated."""
    units = _stacked([item.vector / np.float64(item.scale) for item in directions])
    return np.clip(units @ units.T, -1, 1)


def _within(vector: Doubles, normals: list[Doubles], *, direction: Direction) -> Doubles:
    """The part of a vector (D,) within the span of normals."""
    if not normals:
        return np.zeros_like(vector)
    if any(normal.shape != vector.shape for normal in normals):
        raise LatentError(f"{direction.name}: directions of {len(vector)} dimensions are needed.")
    units = np.stack([normal / np.linalg.norm(normal) for normal in normals])
    # An orthonormal basis instead of (Wᵀ W)⁻¹: the same attribute locked twice is no error.
    _, sizes, basis = np.linalg.svd(units, full_matrices=False)
    basis = basis[sizes > RANK * sizes[0]]
    return np.asarray(basis.T @ (basis @ vector))


def _stacked(vectors: Sequence[NDArray[np.floating]]) -> Doubles:
    return np.stack(vectors).astype(np.float64) if vectors else np.zeros((0, 0))
