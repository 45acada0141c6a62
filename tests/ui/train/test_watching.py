from __future__ import annotations

import numpy as np
import pytest

from explorer.bundle.runs import Progress
from explorer.ui.train.watching import duration, pace, terms_of


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.2, "1 s"), (89, "89 s"), (91, "2 min"), (5399, "90 min"), (9000, "2.5 h")],
)
def test_a_length_of_time(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_the_pace_says_what_is_known() -> None:
    assert pace(Progress()) == ""
    assert pace(Progress(2)) == "epoch **2**"
    known = Progress(2, 6, 0.25, 1234.5, 61.0)
    assert pace(known) == "epoch **2** of 6 · **1,234** images/s · about **61 s** left"


def test_the_curves_are_over_epochs_with_fractions() -> None:
    events = [
        {"split": "train", "step": 5, "epoch": 1, "elbo": -9.0},
        {"split": "valid", "step": 10, "epoch": 1, "elbo": -8.0, "rate": 2.0},
    ]
    elbo, rate, distortion = terms_of(events)
    np.testing.assert_array_equal(elbo.train, [(0.5, -9.0)])
    np.testing.assert_array_equal(elbo.valid, [(1.0, -8.0)])
    assert (rate.title, len(rate.train), len(rate.valid)) == ("rate", 0, 1)
    assert distortion.valid.shape == (0, 2)
