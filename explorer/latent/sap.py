"""Separated attribute predictability: how much better one dimension predicts than the next."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from explorer.latent.codes import Doubles
from explorer.latent.factors import as_pair, is_class, thirds, top_gap
from explorer.latent.traversal import correlations


def sap(codes: ArrayLike, factors: ArrayLike, *, seed: int = 0) -> float:
    """The SAP score (Kumar, Sattigeri & Balakrishnan 2018, section 3), 0 to 1.

    ``1/K Σ_k (S_j*k - max_{j != j*} S_jk)``, where S_jk says how well dimension j alone predicts
    factor k: for a measure R², the squared correlation; for classes the balanced accuracy, on
    rows not learnt from, of as many intervals of the dimension as there are classes. Guessing
    scores 1/C of C classes, so these reach 1 - 1/C at most, measures 1.

    Args:
        codes: (N, D).
        factors: (N, K).
        seed: Of which rows the intervals are learnt from.

    Raises:
        LatentError: See :func:`~explorer.latent.factors.as_pair`.
    """
    return float(sap_gaps(codes, factors, seed=seed).mean())


def sap_gaps(codes: ArrayLike, factors: ArrayLike, *, seed: int = 0) -> Doubles:
    """The gap of each factor, (K,); their mean is :func:`sap`.

    Raises:
        LatentError: As for :func:`sap`.
    """
    values, table = as_pair(codes, factors)
    scores = np.nan_to_num(np.square(correlations(values, table)))
    for number, column in enumerate(table.T):
        if is_class(column):
            scores[:, number] = _balanced(values, column, seed=seed)
    return top_gap(scores)


def _balanced(codes: Doubles, column: Doubles, *, seed: int) -> Doubles:
    """Balanced accuracy (D,) of the best intervals of each dimension."""
    from sklearn.tree import DecisionTreeClassifier

    fit, judge = thirds(len(codes), rng=np.random.default_rng(seed))
    classes, truth = np.unique(column[judge], return_inverse=True)
    # Each row weighs what makes the classes equal.
    weights = 1 / np.bincount(truth)[truth] / len(classes)
    found = np.empty(codes.shape[1])
    for number, own in enumerate(codes.T[:, :, None]):
        tree = DecisionTreeClassifier(
            max_leaf_nodes=max(2, len(classes)), class_weight="balanced", random_state=0
        )
        guessed = tree.fit(own[fit], column[fit]).predict(own[judge])
        found[number] = weights[guessed == column[judge]].sum()
    return found
