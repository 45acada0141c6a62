from __future__ import annotations

import numpy as np

from explorer.ui.lab.autoencoder import figures_text, pick_pairs, verdict
from explorer.ui.lab.labels import Labels
from explorer.ui.lab.probes import Difference, LearningCurve, Point

CURVE = LearningCurve((Point(50, (0.5, 0.7)), Point(7185, (0.9,))), np.ones(396, bool), 0.125)


def test_both_are_told_with_the_numbers_of_examples() -> None:
    assert figures_text([CURVE, CURVE], 0) == (
        "With 50 labels: Autoencoder **60.0%**, VAE, β = 1 **60.0%** of 396 test pictures. "
        "Always naming the commonest digit gets 12.5%."
    )


def test_a_winner_is_only_named_if_it_is_more_than_chance() -> None:
    assert "may be chance" in verdict(Difference(0.01, 0.02), CURVE)
    assert "codes of the **VAE, β = 1** win by 5.0 points" in verdict(
        Difference(0.05, 0.01), CURVE
    )
    assert "codes of the **Autoencoder** win" in verdict(Difference(-0.05, 0.01), CURVE)


def test_pairs_are_of_classes_that_there_are_pictures_of() -> None:
    classes = np.repeat([0, 1, 3, 4, 7], 3)
    labels = Labels(classes, np.zeros(15), tuple("0123456789"))
    pairs = pick_pairs(labels, seed=0)
    assert [(classes[start], classes[end]) for start, end in pairs] == [(0, 1), (4, 7)]
