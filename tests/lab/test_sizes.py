from __future__ import annotations

import numpy as np
import pytest

from explorer.lab.sizes import directions_in_use


def codes_with(variances: list[float], *, turned: bool = False) -> np.ndarray:
    """Codes (2 D, D) with exactly these variances along the axes, or along turned ones."""
    dim = len(variances)
    axes = (
        np.vstack([np.eye(dim), -np.eye(dim)])
        * np.sqrt(np.array([*variances, *variances]))[:, None]
    )
    turn = np.linalg.qr(np.random.default_rng(0).standard_normal((dim, dim)))[0]
    return axes @ turn if turned else axes


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize(
    ("variances", "share", "wanted"),
    [
        ([1, 1, 1, 1], 0.95, 4),
        ([96, 2, 1, 1], 0.95, 1),
        ([50, 45, 4, 1], 0.95, 2),
        ([50, 45, 4, 1], 0.96, 3),
        ([3, 1, 0, 0], 1.0, 2),
    ],
)
def test_the_fewest_directions_that_hold_the_share(
    variances: list[float], share: float, wanted: int, turned: bool
) -> None:
    assert directions_in_use(codes_with(variances, turned=turned), share=share) == wanted


def test_codes_that_are_all_the_same_use_none() -> None:
    assert directions_in_use(np.ones((10, 4), np.float32)) == 0
