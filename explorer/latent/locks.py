"""How directions hang together, and a direction that leaves other attributes where they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from explorer.latent.codes import Doubles, LatentError
from explorer.latent.directions import Direction

ENTANGLED = 0.5  # slider units
KEPT = 0.5  # share of the squared length
NOTHING_LEFT = 1e-3  # share of a direction below which rounding decides where the rest points
RANK = 1e-6  # of the largest singular value: locked normals closer to dependent count once


def conditional(direction: Direction, locked: Sequence[Direction]) -> Direction:
    """The direction without what the classifiers of locked attributes would see of it.

    Conditional manipulation (Shen et al. 2020, "InterFaceGAN", section 3.3), for any number of
    locked attributes: with the columns of W their normals, ``d' = d - W (Wᵀ W)⁻¹ Wᵀ d`` changes
    nothing of what W reads. It is then lengthened to move the reading of ``direction`` by 1 per
    unit of alpha, as before, so that a lock does not weaken the slider.

    Takes well below a millisecond: it is called while a user clicks locks.

    Args:
        direction: What is to be moved along, by any method.
        locked: What is to stay where it is, by the method ``logistic``.

    Returns:
        A direction of the method ``conditional``; its scores hold ``share``, the part of the
        squared length of ``direction`` that is left before lengthening.

    Raises:
        LatentError: Nothing is left, or the dimensions differ.
    """
    reader = direction.reader
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
        normal=reader.astype(np.float32),
        locks=tuple(other.name for other in locked),
    )


def default_locks(direction: Direction, classifiers: Sequence[Direction]) -> list[Direction]:
    """Which attributes a direction had better leave where they are, strongest first.

    Those that an edit by 1 moves by more than half of the way from their mean without to their
    mean with. Of these, one is left out if locking it too would leave less than half of the
    direction's squared length: it is nearly the same thing, and an edit that must not touch it
    would have to go more than twice as far through places where no picture is.
    """
    moves = entanglement([direction], classifiers)[0] if classifiers else np.zeros(0)
    vector = direction.vector.astype(np.float64)
    free, basis, locks = vector, np.zeros((0, len(vector))), []
    for place in np.argsort(-np.abs(moves), kind="stable"):
        if abs(moves[place]) <= ENTANGLED:
            break
        normal = classifiers[place].reader
        normal = normal - basis.T @ (basis @ normal)
        unit = normal / np.linalg.norm(normal)
        rest = free - unit * (unit @ free)
        if rest @ rest >= KEPT * (vector @ vector):
            free, basis = rest, np.vstack([basis, unit])
            locks.append(classifiers[place])
    return locks


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
