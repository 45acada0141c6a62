from __future__ import annotations

import numpy as np
import pytest

from explorer.ui.lab.columns import Column, Sheet, columns_message, read_place, ring
from tests.ui.lab.conftest import OpenTiny


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("0.50,-1.20", (0.5, -1.2)),
        (None, (0, 0)),
        ("", (0, 0)),
        ("1", (0, 0)),
        ("1,2,3", (0, 0)),
        ("x,1", (0, 0)),
        ("nan,1", (0, 0)),
        ("1e9,0", (0, 0)),
    ],
)
def test_a_place_is_read_from_a_link_whatever_it_says(
    text: str | None, place: tuple[float, float]
) -> None:
    assert read_place(text) == place


def test_a_ring_is_a_closed_circle() -> None:
    points = ring(2).points
    np.testing.assert_allclose(np.linalg.norm(points, axis=1), 2)
    np.testing.assert_allclose(points[0], points[-1], atol=1e-12)


def test_the_version_is_another_one_when_anything_is(open_tiny: OpenTiny) -> None:
    opened = open_tiny()
    images = np.zeros((2, 4, 4, 1), np.uint8)

    def version(shade: int) -> object:
        sheet = Sheet("Some", images + np.uint8(shade), 2)
        column = Column(opened, "One", "", [], [sheet])
        return columns_message([column], names=("a",))["version"]

    assert version(1) == version(1)
    assert version(1) != version(2)
