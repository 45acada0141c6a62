from __future__ import annotations

import pytest

from explorer.ui.lab.latent_dimension import sign


@pytest.mark.parametrize(
    ("dim", "active", "said"),
    [
        (2, 2.0, "every dimension is in use"),
        (64, 20.0, "44 dimensions to spare"),
        (16, 15.0, "1 dimension to spare"),
    ],
)
def test_a_size_is_told_by_its_active_units(dim: int, active: float, said: str) -> None:
    assert sign(dim, {"active_units": active}) == said


def test_without_a_measurement_nothing_is_said() -> None:
    assert sign(8, {}) == ""
