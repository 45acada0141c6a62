from __future__ import annotations

import numpy as np

from explorer.data.listing import Listing, no_attributes


def test_a_listing_is_as_long_as_its_ids() -> None:
    listing = Listing(ids=["a", "b"], draw=lambda indices, out: [], split=np.zeros(2, np.uint8))
    assert len(listing) == 2
    assert listing.attributes is None


def test_no_attributes_has_rows_but_no_columns() -> None:
    assert no_attributes(5).shape == (5, 0)
    assert no_attributes(5).dtype == np.int8
