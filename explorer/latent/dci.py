"""Disentanglement, completeness, informativeness: how codes predict the factors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from explorer.latent.codes import Doubles, Indices
from explorer.latent.factors import as_pair, is_class, thirds

TREES = 20
LEAF = 5  # rows: the smallest leaf, against learning single pictures by heart


@dataclass(frozen=True, eq=False)
class Dci:
    """What :func:`dci` finds.

    Attributes:
        disentanglement: 0 to 1: each dimension is used for one factor only.
        completeness: 0 to 1: each factor is held by one dimension only.
        informativeness: 0 to 1: the factors can be told from the codes.
        importance: (D, K), how much each dimension helps to predict each factor; columns sum to
            1, or to 0 where nothing helps.
    """

    disentanglement: float
    completeness: float
    informativeness: float
    importance: Doubles


def dci(codes: ArrayLike, factors: ArrayLike, *, seed: int = 0) -> Dci:
    """The three scores of Eastwood & Williams (2018), section 2.

    For each factor k a forest of trees learns to predict it from the codes; R_jk is how much it
    uses dimension j. With entropies to the base of the number of choices,

    - disentanglement ``Σ_j ρ_j (1 - H_K(R_j· / Σ_k R_jk))``, ρ_j = Σ_k R_jk / Σ R;
    - completeness, the mean over k of ``1 - H_D(R_·k / Σ_j R_jk)``;
    - informativeness, the mean over k of 1 - error / error of a guess, on rows not learnt from:
      squared error against the mean, or wrong answers against the commonest class.

    The paper's forests, with split points drawn by chance (extremely randomised trees, Geurts et
    al. 2006): nothing is sorted, so three seeds take seconds. Lasso, its other choice, sees only
    what is linear; gradient-boosted trees (Locatello et al. 2019) cannot do a class without a
    hundred trees of its own.

    Args:
        codes: (N, D).
        factors: (N, K).
        seed: Of the forests, and of which rows are learnt from.

    Raises:
        LatentError: See :func:`~explorer.latent.factors.as_pair`.
    """
    values, table = as_pair(codes, factors)
    parts = thirds(len(values), rng=np.random.default_rng(seed))
    found = [_predict(values, column, parts, seed=seed) for column in table.T]
    importance = np.stack([used for used, _ in found], axis=1)
    return Dci(
        disentanglement=disentanglement_of(importance),
        completeness=completeness_of(importance),
        informativeness=float(np.mean([told for _, told in found])),
        importance=importance,
    )


def disentanglement_of(importance: Doubles) -> float:
    """Disentanglement from importances (D, K), see :func:`dci`."""
    use = importance.sum(axis=1)
    if not use.sum() > 0:
        return 0.0
    return float(_purity(importance) @ use / use.sum())


def completeness_of(importance: Doubles) -> float:
    """Completeness from importances (D, K), see :func:`dci`; a factor nothing helps counts 0."""
    is_told = importance.sum(axis=0) > 0
    return float((_purity(importance.T) * is_told).mean())


def _purity(weights: Doubles) -> Doubles:
    """1 minus the entropy of each row of (R, C), to the base of C; 1 where there is one column."""
    from scipy.special import xlogy

    choices = weights.shape[1]
    share = weights / np.maximum(weights.sum(axis=1, keepdims=True), np.finfo(float).tiny)
    return np.asarray(1 + xlogy(share, share).sum(axis=1) / np.log(max(choices, 2)))


def _predict(
    codes: Doubles, column: Doubles, parts: tuple[Indices, Indices], *, seed: int
) -> tuple[Doubles, float]:
    """Importances (D,) and 1 - error / error of a guess, at least 0."""
    from sklearn.ensemble import ExtraTreesClassifier, ExtraTreesRegressor

    fit, judge = parts
    forest = ExtraTreesClassifier if is_class(column) else ExtraTreesRegressor
    # All dimensions at every split: a useless one is then never better than none.
    model = forest(TREES, max_features=1.0, min_samples_leaf=LEAF, random_state=seed)
    model.fit(codes[fit], column[fit])
    found, truth = model.predict(codes[judge]), column[judge]
    if is_class(column):
        values, counts = np.unique(column[fit], return_counts=True)
        error, guess = np.mean(found != truth), np.mean(values[counts.argmax()] != truth)
    else:
        error = np.square(found - truth).mean()
        guess = np.square(column[fit].mean() - truth).mean()
    told = max(0.0, 1 - float(error) / float(guess)) if guess > 0 else 0.0
    return np.asarray(model.feature_importances_), told
