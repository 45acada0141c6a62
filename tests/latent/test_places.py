from __future__ import annotations

import pytest

from explorer.latent.codes import LatentError
from explorer.latent.places import describe_place


@pytest.mark.parametrize(
    ("percentile", "ratio", "level", "text"),
    [
        (0.0, 0.2, "among", "among the data"),
        (0.79, 1.3, "among", "among the data"),
        (
            0.9,
            1.6,
            "edge",
            "at the edge of the data: 90 % of the training faces have closer neighbours",
        ),
        (
            0.98,
            1.9,
            "far",
            "far from every face: 98 % of the training faces have closer neighbours",
        ),
        (
            0.999,
            4.2,
            "far",
            "far from every face: 99 % of the training faces have closer neighbours, "
            "4 times closer as a rule",
        ),
        (
            1.0,
            5000,
            "far",
            "far from every face: all of the training faces have closer neighbours, "
            "over 100 times closer as a rule",
        ),
    ],
)
def test_words_follow_the_distance(percentile: float, ratio: float, level: str, text: str) -> None:
    place = describe_place(percentile, ratio=ratio, noun="face")
    assert place.level == level
    assert place.text == text


@pytest.mark.parametrize("percentile", [-0.1, 1.1, float("nan")])
def test_a_percentile_is_a_share(percentile: float) -> None:
    with pytest.raises(LatentError, match="it is a share from 0 to 1"):
        describe_place(percentile, ratio=1)
