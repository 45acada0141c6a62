from __future__ import annotations

import numpy as np
import pytest

from explorer.bundle import Bundle, BundleError
from explorer.ui.batches import PART, decode_many


@pytest.mark.parametrize("count", [1, PART, PART + 1, 50])
def test_pictures_come_in_the_order_of_the_codes(bundle: Bundle, count: int) -> None:
    codes = np.asarray(bundle.latents.mu[:count], np.float32)
    images = decode_many(bundle, codes)
    alone = np.concatenate([bundle.decode(code[None]) for code in codes])
    assert images.shape == (count, 32, 32, 3)
    # Batches of another size may round the last bit another way.
    assert np.abs(images.astype(int) - alone).max() <= 1


def test_an_error_of_a_part_is_the_error_of_all(bundle: Bundle) -> None:
    with pytest.raises(BundleError, match=r"takes \(N, 8\)"):
        decode_many(bundle, np.zeros((40, 3), np.float32))
