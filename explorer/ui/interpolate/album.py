"""Pictures that were decoded already: a code is decoded once, however often it is shown."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from explorer.latent.codes import Floats
from explorer.ui.batches import decode_many

if TYPE_CHECKING:
    from explorer.ui.resources import Opened

KEY = "interpolate_album"
MAX_PICTURES = 1_024  # 12 MB at 64 x 64 in colour


class Album:
    """Pictures by bundle and code, the least recently used forgotten first."""

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[str, bytes], np.ndarray] = OrderedDict()

    def __len__(self) -> int:
        return len(self._known)

    def know(self, opened: Opened, code: Floats, picture: np.ndarray) -> None:
        """Notes a picture that was decoded elsewhere."""
        self._known[opened.identity, np.ascontiguousarray(code, np.float32).tobytes()] = picture

    def pictures(self, opened: Opened, codes: Floats) -> np.ndarray:
        """Codes (M, D) decoded, uint8 (M, H, W, C); those not known yet in one batch.

        Raises:
            BundleError: Codes of another length, or not finite.
        """
        codes = np.ascontiguousarray(codes, np.float32)
        keys = [(opened.identity, code.tobytes()) for code in codes]
        fresh = {key: row for row, key in enumerate(keys) if key not in self._known}
        found = {key: self._known[key] for key in keys if key in self._known}
        if fresh:
            drawn = decode_many(opened.bundle, codes[list(fresh.values())])
            found |= dict(zip(fresh, drawn, strict=True))
        for key in keys:
            self._known[key] = found[key]
            self._known.move_to_end(key)
        while len(self._known) > MAX_PICTURES:
            self._known.popitem(last=False)
        return np.stack([found[key] for key in keys])


def album() -> Album:
    """This visitor's own."""
    if KEY not in st.session_state:
        st.session_state[KEY] = Album()
    found = st.session_state[KEY]
    assert isinstance(found, Album)
    return found
