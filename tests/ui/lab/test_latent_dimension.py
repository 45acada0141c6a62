from __future__ import annotations

import pytest

from explorer.ui.lab.latent_dimension import sign


@pytest.mark.parametrize(
    ("dim", "used", "said"),
    [
        (2, 2, "every direction is in use"),
        (64, 20, "20 directions hold 95% of the variance"),
    ],
)
def test_a_size_is_told_by_the_directions_in_use(dim: int, used: int, said: str) -> None:
    assert sign(dim, used) == said
