from __future__ import annotations

import numpy as np
import pytest

from explorer.figures.radii import BINS, radius_edges, radius_figure

RNG = np.random.default_rng(0)
DATA, SAMPLES = RNG.uniform(2, 4, 5_000), RNG.uniform(0, 6, 300)


def test_the_bins_hold_every_radius() -> None:
    edges = radius_edges(DATA, SAMPLES)
    assert len(edges) == BINS + 1
    assert edges[0] == 0
    assert edges[-1] > max(DATA.max(), SAMPLES.max())


def test_codes_that_are_all_at_the_origin_still_have_bins() -> None:
    assert radius_edges(np.zeros(3), np.zeros(0))[-1] > 0


def test_both_histograms_are_densities() -> None:
    edges = radius_edges(DATA, SAMPLES)
    figure = radius_figure(DATA, SAMPLES, edges=edges, prior=None, noun="face")
    width = np.diff(edges)[0]
    assert [bar.name for bar in figure.data] == ["all faces", "these samples"]
    for bar in figure.data:
        assert np.sum(bar.y) * width == pytest.approx(1)


def test_the_prior_is_a_line_only_where_there_is_one() -> None:
    edges = radius_edges(DATA, SAMPLES)
    curve = np.linspace(0, 1, len(edges))
    figure = radius_figure(DATA, SAMPLES, edges=edges, prior=curve)
    assert figure.data[2].name == "the prior"
    np.testing.assert_array_equal(figure.data[2].y, curve)
