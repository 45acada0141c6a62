from __future__ import annotations

import pytest

from explorer.ui.lab.reparameterisation import certainty


@pytest.mark.parametrize(
    ("sigma", "wanted"),
    [(0.02, "Pull σ up to 1"), (0.4, "to some degree"), (0.97, "next to nothing")],
)
def test_a_spread_in_words(sigma: float, wanted: str) -> None:
    said = certainty(sigma, "face")
    assert wanted in said
    assert f"Of this face the encoder says σ = {sigma:.2g}" in said
