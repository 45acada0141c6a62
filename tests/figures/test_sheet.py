from __future__ import annotations

import numpy as np
import pytest

from explorer.figures.sheet import contact_sheet


def pictures(count: int, channels: int = 3) -> np.ndarray:
    """Each picture (4, 6) is filled with its own number, from 1."""
    images = np.zeros((count, 4, 6, channels), np.uint8)
    images += np.arange(1, count + 1, dtype=np.uint8)[:, None, None, None]
    return images


def test_pictures_stand_row_by_row_with_gaps_between() -> None:
    sheet = contact_sheet(pictures(5), columns=3, gap=2, background=200)
    assert sheet.shape == (2 * 4 + 2, 3 * 6 + 2 * 2, 3)
    assert sheet.dtype == np.uint8
    corners = sheet[[[0], [6]], [[0, 8, 16]]]
    assert corners[:, :, 0].tolist() == [[1, 2, 3], [4, 5, 200]]
    assert (sheet[4:6] == 200).all()
    assert (sheet[:, 6:8] == 200).all()
    assert (sheet[6:10, 8:14] == 5).all()


def test_grey_pictures_become_rgb() -> None:
    sheet = contact_sheet(pictures(1, channels=1))
    assert sheet.shape == (4, 6, 3)
    assert (sheet == 1).all()


@pytest.mark.parametrize(
    ("count", "columns", "shape"),
    [(9, None, (12, 18, 3)), (2, None, (4, 12, 3)), (3, 10, (4, 18, 3)), (3, 1, (12, 6, 3))],
)
def test_columns_default_to_a_square_and_never_exceed_the_pictures(
    count: int, columns: int | None, shape: tuple[int, ...]
) -> None:
    assert contact_sheet(pictures(count), columns=columns, gap=0).shape == shape


def test_what_cannot_be_laid_out_is_refused() -> None:
    with pytest.raises(ValueError, match=r"shape \(4, 6, 3\); give \(N, H, W, C\)"):
        contact_sheet(pictures(1)[0])
    with pytest.raises(ValueError, match="N at least 1"):
        contact_sheet(pictures(0))
    with pytest.raises(ValueError, match="C 1 or 3"):
        contact_sheet(pictures(1, channels=4))
    with pytest.raises(ValueError, match="float64; give uint8"):
        contact_sheet(pictures(1) / 255)
    with pytest.raises(ValueError, match="columns is 0 and gap 2"):
        contact_sheet(pictures(1), columns=0)
    with pytest.raises(ValueError, match="gap -1"):
        contact_sheet(pictures(1), gap=-1)
