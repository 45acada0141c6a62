from __future__ import annotations

import numpy as np
import pytest
import streamlit as st

from explorer.bundle import Bundle
from explorer.latent import CodeIndex
from explorer.ui import groups
from explorer.ui.resources import Opened


def test_each_side_of_each_bundle_has_its_own_rows(
    bundle: Bundle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(st, "session_state", {})
    one, other = (Opened(bundle, CodeIndex(bundle.latents.mu), name) for name in "ab")
    assert len(groups.group(one, "with")) == 0
    groups.set_group(one, "with", np.array([3, 4]))
    assert groups.group(one, "with").tolist() == [3, 4]
    assert len(groups.group(one, "without")) == 0
    assert len(groups.group(other, "with")) == 0
