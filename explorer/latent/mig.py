"""Mutual information gap: how much more of a factor one dimension tells than the next."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from explorer.latent.codes import Doubles, Indices
from explorer.latent.factors import as_pair, groups, top_gap

BINS = 20  # equally wide, for each dimension: as in Locatello et al. (2019), appendix C


def mig(codes: ArrayLike, factors: ArrayLike) -> float:
    """The mutual information gap (Chen et al. 2018, eq. 6), 0 to 1.

    ``1/K Σ_k (I(z_j*; v_k) - max_{j != j*} I(z_j; v_k)) / H(v_k)``, with j* the dimension that
    tells most of factor k. A factor copied by one dimension and absent from all others gives 1.

    Args:
        codes: (N, D), posterior means.
        factors: (N, K); more than 12 different values are cut into tenths.

    Raises:
        LatentError: See :func:`~explorer.latent.factors.as_pair`.
    """
    return float(mig_gaps(codes, factors).mean())


def mig_gaps(codes: ArrayLike, factors: ArrayLike) -> Doubles:
    """The gap of each factor, (K,), over its entropy; their mean is :func:`mig`.

    Raises:
        LatentError: As for :func:`mig`.
    """
    values, table = as_pair(codes, factors)
    classes = [groups(column) for column in table.T]
    told = [[information(bins, own) for own in classes] for bins in map(_bins, values.T)]
    entropies = np.array([information(own, own) for own in classes])
    return np.asarray(top_gap(np.array(told)) / entropies)


def information(first: Indices, second: Indices) -> float:
    """Mutual information in nats of two columns (N,) of whole numbers from 0, by counting.

    Of a column with itself it is the entropy.
    """
    width = int(second.max()) + 1
    counts = np.bincount(first * width + second, minlength=(int(first.max()) + 1) * width)
    joint = counts.reshape(-1, width) / len(first)
    alone = joint.sum(axis=1, keepdims=True) * joint.sum(axis=0)
    seen = joint > 0
    return float((joint[seen] * np.log(joint[seen] / alone[seen])).sum())


def _bins(column: Doubles) -> Indices:
    edges = np.linspace(column.min(), column.max(), BINS + 1)[1:-1]
    return np.asarray(np.searchsorted(edges, column, side="right"), np.int64)
