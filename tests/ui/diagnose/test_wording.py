from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from explorer.latent.diagnosis import Figures
from explorer.latent.rate import RateParts
from explorer.ui.diagnose import wording
from explorer.ui.diagnose.evidence import Different, Strip, Suspects
from tests.latent.test_diagnosis import ideal

BLANK = np.zeros((1, 2, 2, 1), np.uint8)
KL = np.array([3.0, 1.0, 0.5, 0.001])
VARIANCES = np.array([0.9, 0.5, 0.2, 0.0001])


@pytest.fixture(scope="module")
def found() -> Figures:
    return ideal(300)


def test_what_each_dimension_costs() -> None:
    text = wording.cost(KL, VARIANCES, is_variational=True)
    assert text == (
        "3 of 4 dimensions follow the picture; all together cost 4.5 nats per picture, half of "
        "that the most used one alone. The 1 dead cost next to nothing."
    )
    even = wording.cost(np.ones(4), np.ones(4), is_variational=True)
    assert even.endswith("half of that the 2 most used. None is dead.")
    assert "without a KL term" in wording.cost(KL, VARIANCES, is_variational=False)
    assert "nothing is told" in wording.cost(KL, 0 * VARIANCES, is_variational=True)


def test_active_units() -> None:
    assert wording.active(VARIANCES).startswith("3 of 4 dimensions lie above the line; the other")
    assert wording.active(np.ones(4)).startswith("All 4")
    assert wording.active(np.zeros(4)).startswith("None reaches the line")


def test_what_the_rate_buys() -> None:
    parts = RateParts(rate=24.0, information=5.0, marginal=19.0, ceiling=9.0)
    assert wording.rate(parts, count=8000) == (
        "Codes tell 5.0 of the 9.0 nats that would tell all 8,000 pictures apart; 19.0 nats go "
        "into lying elsewhere than the prior."
    )
    full = replace(parts, information=8.99)
    assert "no more can be measured with so many" in wording.rate(full, count=8000)
    deaf = replace(parts, information=0.01, marginal=-0.001)
    assert wording.rate(deaf, count=8000).endswith("apart: less than one bit.")


def test_what_the_decoder_listens_to() -> None:
    assert wording.sensitivity(np.array([2.0, 9.5])) == (
        "One standard deviation along dimension 1 changes pixels by 9.5 of 255 grey levels on "
        "average. Every dimension changes it by more than one."
    )
    assert "1 of 2 change it by less than one" in wording.sensitivity(np.array([0.2, 9.5]))
    assert "none is heard" in wording.sensitivity(np.array([0.2, 0.5]))


def test_different_codes() -> None:
    assert "differ by 31 of 255" in wording.identical(Different(BLANK, 31.2))
    assert "does not listen" in wording.identical(Different(BLANK, 0.2))


def test_the_way_between_two_codes() -> None:
    even = Strip(BLANK, change=40.0, steps=np.ones(8))
    assert "12 % of it falls on the largest of 8 steps" in wording.interpolation(even)
    jump = replace(even, steps=np.array([0, 0, 9, 1, 0, 0, 0, 0.0]))
    assert "in a jump: 90 % of it" in wording.interpolation(jump)
    still = replace(even, change=0.0, steps=np.zeros(8))
    assert "Nothing happens on the way" in wording.interpolation(still)


def test_the_prior_beside_the_data(found: Figures) -> None:
    text = wording.prior(found, noun="face")
    assert f"reads {100 * found.prior.near:.0f} % of 128 pictures from the prior" in text
    assert "They differ from each other" in text
    assert "real faces" in text


def test_radii(found: Figures) -> None:
    assert "much as far out as the prior's: 1." in wording.radii(found, noun="face")
    far = replace(found, radius_gap=0.7)
    assert "lie elsewhere than the prior's" in wording.radii(far, noun="face")
    assert "by 70 %" in wording.radii(far, noun="face")
    between = replace(found, radius_gap=0.3)
    assert "not quite as far out" in wording.radii(between, noun="face")


def test_copies(found: Figures) -> None:
    shown = Suspects(BLANK, BLANK, True, np.array([0.2, 0.9]), np.array([True, False]))
    text = wording.memory(replace(found, copied=0.25, likeness=1.23), shown, noun="face")
    assert "25 % copy a training face" in text
    assert "1.2 times as far" in text
    assert text.endswith("Of those shown, 1 is a copy.")


def test_the_cleanest_pair() -> None:
    shares = np.array([[0.1, np.nan], [0.2, 0.8]])
    assert wording.factors(shares, ("smile", "hair colour")) == (
        "“hair colour” explains 80 % of what dimension 1 varies, the cleanest pair there is."
    )
