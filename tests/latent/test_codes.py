from __future__ import annotations

import numpy as np
import pytest

from explorer.latent.codes import LatentError, as_code, as_codes, as_places, require_rows


def test_codes_from_disk_become_float32_and_ready_ones_are_not_copied() -> None:
    ready = np.ones((3, 2), np.float32)
    assert as_codes(ready) is ready
    assert as_codes(ready.astype(np.float16)).dtype == np.float32


@pytest.mark.parametrize("shape", [(4,), (2, 2, 2), (3, 0)])
def test_codes_of_another_shape_are_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(LatentError, match=r"z has shape .*; give \(N, D\), one row per code"):
        as_codes(np.zeros(shape), name="z")


def test_codes_of_another_length_are_refused() -> None:
    with pytest.raises(LatentError, match="z has 3 numbers per row; 8 are needed"):
        as_codes(np.zeros((2, 3)), name="z", dim=8)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_numbers_that_are_not_finite_are_counted_and_located(bad: float) -> None:
    codes = np.zeros((5, 2))
    codes[[1, 4], 1] = bad
    with pytest.raises(
        LatentError, match=r"mu holds NaN or infinity in 2 of 5 rows, first in row 1"
    ):
        as_codes(codes, name="mu")


def test_one_code_is_one_row() -> None:
    assert as_code([1, 2]).dtype == np.float32
    with pytest.raises(LatentError, match=r"z has shape \(1, 2\); give \(D,\), one code"):
        as_code([[1, 2]], name="z")
    with pytest.raises(LatentError, match="z has 2 numbers per row; 3 are needed"):
        as_code([1, 2], name="z", dim=3)
    with pytest.raises(LatentError, match="z holds NaN"):
        as_code([1, np.nan], name="z")


def test_places_have_two_coordinates() -> None:
    assert as_places([[1, 2]]).shape == (1, 2)
    with pytest.raises(LatentError, match=r"xy has shape \(2,\); give \(M, 2\)"):
        as_places([1.0, 2.0])
    with pytest.raises(LatentError, match="xy holds NaN"):
        as_places([[0.0, np.nan]])


def test_too_few_rows_are_refused() -> None:
    require_rows(np.zeros(3), 3, name="mu")
    with pytest.raises(LatentError, match="mu has 2 rows; at least 3 are needed"):
        require_rows(np.zeros(2), 3, name="mu")
