"""Moving one number of a code at a time: what each dimension holds, and how far to go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from explorer.latent.codes import (
    Doubles,
    Floats,
    Indices,
    LatentError,
    as_code,
    as_codes,
    require_rows,
)
from explorer.latent.measures import ACTIVE_VARIANCE, unit_variances
from explorer.latent.paths import require_steps

Scale = Literal["prior", "aggregate"]
MAX_REACH = 10.0  # standard deviations: beyond, a decoder has nothing to say
GROUPS = 12
ROUNDING = 1e-12


@dataclass(frozen=True, eq=False)
class Units:
    """What the D dimensions of the codes are used for.

    Attributes:
        kl: (D,) nats per picture: what each costs, see :func:`kl_per_dimension`.
        order: (D,) dimensions from the most used to the least.
        dead: (D,) bool, those that do not depend on the picture.
    """

    kl: Doubles
    order: Indices
    dead: NDArray[np.bool]

    @property
    def living(self) -> Indices:
        """The dimensions that are not dead, from the most used on."""
        return np.asarray(self.order[~self.dead[self.order]])


@dataclass(frozen=True, eq=False)
class Axes:
    """Straight lines to move codes along, and where the data lies on each.

    Attributes:
        vectors: (A, D) float32 of length 1.
        mean: (A,) of the codes' coordinates ``z @ vector``.
        std: (A,) of the aggregate posterior along each: the spread of the codes and that of each
            posterior together.
    """

    vectors: Floats
    mean: Doubles
    std: Doubles

    def __len__(self) -> int:
        return len(self.vectors)

    def coordinates(self, z: ArrayLike) -> Doubles:
        """Where codes (M, D) stand along each axis, (M, A)."""
        codes = as_codes(z, name="z", dim=self.vectors.shape[1]).astype(np.float64)
        return np.asarray(codes @ self.vectors.T.astype(np.float64))

    def values(self, *, steps: int, reach: float = 3.0, scale: Scale = "prior") -> Doubles:
        """Coordinates (A, K) to go through on each axis, in K = ``steps`` even steps.

        Args:
            steps: 2 or more; an odd number passes through the middle.
            reach: How many standard deviations to either side.
            scale: Of the ``prior`` N(0, I), which is 1 about 0 along every axis, or of the
                ``aggregate`` posterior, about its mean.

        Raises:
            LatentError: Steps or reach out of range, or an unknown scale.
        """
        require_steps(steps)
        if not 0 < reach <= MAX_REACH:
            raise LatentError(
                f"reach is {reach}; choose above 0 and up to {MAX_REACH:g} standard deviations."
            )
        if scale not in ("prior", "aggregate"):
            raise LatentError(f"scale is {scale!r}; choose prior or aggregate.")
        grid = np.linspace(-reach, reach, steps)
        if scale == "prior":
            return np.tile(grid, (len(self), 1))
        return self.mean[:, None] + self.std[:, None] * grid


def kl_per_dimension(mu: ArrayLike, logvar: ArrayLike) -> Doubles:
    """Mean over pictures of each dimension's KL(N(mu, exp(logvar)) || N(0, 1)), (D,) nats.

    Kingma & Welling (2014), appendix B: (mu² + sigma² - 1 - log sigma²) / 2. Their sum is the
    rate. For a plain autoencoder, whose posteriors are points, the figure has no meaning.

    Args:
        mu: (N, D).
        logvar: (N, D).

    Raises:
        LatentError: Different shapes, no rows, or NaN or infinity.
    """
    means, logs = _posteriors(mu, logvar)
    kl = np.square(means).mean(axis=0, dtype=np.float64) - 1
    kl += np.exp(logs).mean(axis=0, dtype=np.float64) - logs.mean(axis=0, dtype=np.float64)
    return np.asarray(kl / 2)


def rank_units(mu: ArrayLike, logvar: ArrayLike, *, variational: bool = True) -> Units:
    """Sort the dimensions by use, and find the dead ones.

    A unit is dead if its mean hardly depends on the picture: Cov_x(E[u | x]) of 0.01 or less
    (Burda, Grosse & Salakhutdinov 2016, section 5.2), as for
    :func:`~explorer.latent.measures.active_units`.

    Args:
        mu: (N, D).
        logvar: (N, D).
        variational: Sort by KL; otherwise, as an autoencoder has none, by the variance of mu.

    Raises:
        LatentError: As for :func:`kl_per_dimension`.
    """
    kl, variances = kl_per_dimension(mu, logvar), unit_variances(mu)
    order = np.argsort(-(kl if variational else variances), kind="stable")
    return Units(kl, order, variances <= ACTIVE_VARIANCE)


def latent_axes(mu: ArrayLike, logvar: ArrayLike) -> Axes:
    """The dimensions themselves as axes, in their own order.

    Raises:
        LatentError: As for :func:`kl_per_dimension`.
    """
    means, logs = _posteriors(mu, logvar)
    return _axes(np.eye(means.shape[1]), means, logs)


def principal_axes(mu: ArrayLike, logvar: ArrayLike) -> Axes:
    """The principal components of the codes as axes, the one of largest variance first.

    Eigenvectors of the codes' (D, D) covariance (Pearson 1901) in float64; the entry of largest
    magnitude of each is positive.

    Raises:
        LatentError: Fewer than 2 codes, or as for :func:`kl_per_dimension`.
    """
    means, logs = _posteriors(mu, logvar)
    require_rows(means, 2, name="mu")
    centred = means - means.mean(axis=0, dtype=np.float64)
    vectors = np.linalg.eigh(centred.T @ centred)[1].T[::-1]
    strongest = np.abs(vectors).argmax(axis=1, keepdims=True)
    return _axes(vectors * np.sign(np.take_along_axis(vectors, strongest, 1)), means, logs)


def traverse(z: ArrayLike, axis: ArrayLike, values: ArrayLike) -> Floats:
    """Copies (K, D) of a code whose coordinate along ``axis`` is set to each of ``values``.

    ``z + (v - z·u) u``: what stands at a right angle to the axis stays as it is.

    Args:
        z: (D,).
        axis: (D,) of length 1.
        values: (K,).

    Raises:
        LatentError: An axis that is not of length 1, arrays that do not fit or are not finite.
    """
    unit, goals = as_code(axis, name="axis"), as_code(values, name="values")
    return np.asarray(traversal_grid(z, unit[None], goals[None])[0])


def traversal_grid(z: ArrayLike, axes: ArrayLike, values: ArrayLike) -> Floats:
    """:func:`traverse` along each of ``axes`` (A, D) through ``values`` (A, K), as (A, K, D)."""
    code = as_code(z, name="z").astype(np.float64)
    units = as_codes(axes, name="axes", dim=len(code)).astype(np.float64)
    goals = as_codes(values, name="values").astype(np.float64)
    if len(goals) != len(units):
        raise LatentError(f"values has {len(goals)} rows for {len(units)} axes; give one each.")
    lengths = np.linalg.norm(units, axis=1)
    if not np.allclose(lengths, 1, atol=1e-4):
        raise LatentError(f"An axis has length {lengths[np.abs(lengths - 1).argmax()]:g}, not 1.")
    moves = goals - (units @ code)[:, None]
    return np.asarray(code + moves[:, :, None] * units[:, None, :], np.float32)


def correlations(coordinates: ArrayLike, columns: ArrayLike) -> Doubles:
    """Pearson's correlation of each axis with each column, (A, B).

    With a column of 0 and 1 it is the point-biserial correlation. NaN where a side does not vary.

    Args:
        coordinates: (N, A), such as codes, or :meth:`Axes.coordinates`.
        columns: (N, B): whole numbers, attributes with -1 for not known, or floating-point
            numbers, factors with NaN for not known. Rows not known are left out.

    Raises:
        LatentError: Arrays that do not fit.
    """
    along, table, known = _columns(coordinates, columns)
    count = known.sum(axis=0)
    x, y = along - along.mean(axis=0), np.where(known, table, 0)
    size_x, size_y = np.square(along).mean(axis=0), np.square(y).mean(axis=0)
    mean_x, mean_y = _divide(x.T @ known, count), _divide(y.sum(axis=0), count)
    y = np.where(known, y - mean_y, 0)
    spread_x = np.square(x).T @ known - count * np.square(mean_x)
    spread_y = np.square(y).sum(axis=0)
    varies = _varies(spread_x, count * size_x[:, None]) & _varies(spread_y, count * size_y)
    # y is centred, so the mean of x falls out of the products.
    return _divide(x.T @ y, np.sqrt(np.maximum(spread_x, 0) * spread_y), where=varies)


def explained(coordinates: ArrayLike, columns: ArrayLike) -> Doubles:
    """Share of each axis's variance that each column explains, (A, B), 0 to 1.

    The squared correlation ratio η² (Fisher 1925): the variance of the means of the groups with
    equal values, over the whole. Unlike a correlation it sees names (hair colours) and hues as
    well. Columns of more than 12 values are grouped into 12 of equal size first. NaN where the
    axis does not vary; 0 where the column does not.

    Args:
        coordinates: (N, A).
        columns: (N, B), not known as for :func:`correlations`.

    Raises:
        LatentError: Arrays that do not fit.
    """
    along, table, known = _columns(coordinates, columns)
    centred = along - along.mean(axis=0)
    size = np.square(along).mean(axis=0)
    total = np.square(centred).T @ known  # about the mean of all; of the known ones below
    found = np.empty((along.shape[1], table.shape[1]))
    for number, (column, rows) in enumerate(zip(table.T, known.T, strict=True)):
        sums, counts = _group_sums(centred, column, rows)
        middle = _divide(np.square(sums.sum(axis=0)), rows.sum())
        between, spread = (
            (np.square(sums) / counts).sum(axis=0) - middle,
            total[:, number] - middle,
        )
        varies = _varies(spread, rows.sum() * size)
        found[:, number] = _divide(np.maximum(between, 0), spread, where=varies)
    return found


def _axes(vectors: Doubles, means: Floats, logs: Floats) -> Axes:
    """With the law of total variance: that of the means, plus the mean of the posteriors' own."""
    along = means @ vectors.T
    own = np.exp(logs).mean(axis=0, dtype=np.float64) @ np.square(vectors).T
    variance = along.var(axis=0, dtype=np.float64) + own
    mean = along.mean(axis=0, dtype=np.float64)
    return Axes(vectors.astype(np.float32), mean, np.sqrt(variance))


def _posteriors(mu: ArrayLike, logvar: ArrayLike) -> tuple[Floats, Floats]:
    means, logs = as_codes(mu, name="mu"), as_codes(logvar, name="logvar")
    if means.shape != logs.shape:
        raise LatentError(f"mu has shape {means.shape} and logvar {logs.shape}; give equal ones.")
    require_rows(means, 1, name="mu")
    return means, logs


def _columns(
    coordinates: ArrayLike, columns: ArrayLike
) -> tuple[Doubles, Doubles, NDArray[np.bool]]:
    """Coordinates (N, A), columns (N, B) and which of their entries are known, (N, B)."""
    along = as_codes(coordinates, name="coordinates").astype(np.float64)
    table = np.asarray(columns)
    if table.ndim != 2 or len(table) != len(along):
        raise LatentError(f"columns has shape {table.shape} for {len(along)} codes.")
    whole = np.issubdtype(table.dtype, np.integer)
    known = table >= 0 if whole else np.isfinite(table)
    return along, table.astype(np.float64), known


def _group_sums(
    along: Doubles, column: Doubles, rows: NDArray[np.bool]
) -> tuple[Doubles, Doubles]:
    """Sums (G, A) over the groups of the known ``rows`` (N,), and how many each has, (G, 1)."""
    groups = np.full(len(column), -1)
    groups[rows] = _groups(column[rows])
    member = np.equal.outer(np.arange(groups.max(initial=-1) + 1), groups).astype(np.float64)
    return member @ along, member.sum(axis=1)[:, None]


def _varies(spread: Doubles, size: Doubles) -> NDArray[np.bool]:
    """Whether a sum of squares about the mean is more than rounding leaves of one about 0."""
    return np.asarray(spread > ROUNDING * size)


def _divide(top: Doubles, bottom: ArrayLike, *, where: ArrayLike | None = None) -> Doubles:
    """``top / bottom``, and NaN where that has no meaning."""
    size = np.broadcast_to(np.asarray(bottom, np.float64), np.shape(top))
    sound = size > 0 if where is None else np.asarray(where) & (size > 0)
    undefined = np.full(np.shape(top), np.nan)
    return np.asarray(np.divide(top, size, out=undefined, where=sound))


def _groups(column: Doubles) -> Indices:
    """Numbers (N,) from 0 of the groups with equal, or else with neighbouring, values."""
    values, group = np.unique(column, return_inverse=True)
    if len(values) <= GROUPS:
        return np.asarray(group, np.int64)
    bounds = np.unique(np.quantile(column, np.linspace(0, 1, GROUPS + 1)[1:-1]))
    return np.unique(np.searchsorted(bounds, column, side="right"), return_inverse=True)[1]
