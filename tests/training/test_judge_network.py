from __future__ import annotations

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from scipy.ndimage import gaussian_filter

from explorer.training.judge_network import JudgeNetwork, _blurred, judge_loss, varied


@pytest.mark.parametrize(("size", "channels"), [(28, 1), (32, 3), (64, 3), (128, 3)])
def test_pictures_of_every_size_become_one_logit_per_thing(size: int, channels: int) -> None:
    network = JudgeNetwork(image_size=size, channels=channels, outputs=5).eval()
    assert network(torch.rand(2, channels, size, size)).shape == (2, 5)


def test_the_loss_is_that_of_attributes_plus_that_of_the_class() -> None:
    generator = torch.Generator().manual_seed(0)
    logits = torch.randn(4, 5, generator=generator)
    attributes = torch.tensor([[1, 0], [0, 0], [1, 1], [0, 1]], dtype=torch.int8)
    labels = torch.tensor([0, 2, 1, 1], dtype=torch.int16)
    expected = F.binary_cross_entropy_with_logits(logits[:, :2], attributes.float())
    expected = expected + F.cross_entropy(logits[:, 2:], labels.long())
    torch.testing.assert_close(judge_loss(logits, attributes, labels), expected)


def test_what_is_missing_counts_nothing() -> None:
    logits = torch.randn(3, 4, generator=torch.Generator().manual_seed(0))
    attributes = torch.tensor([[1, -1], [-1, -1], [0, -1]], dtype=torch.int8)
    labels = torch.tensor([-1, 1, -1], dtype=torch.int16)
    expected = F.binary_cross_entropy_with_logits(logits[[0, 2], 0], torch.tensor([1.0, 0.0]))
    expected = expected + F.cross_entropy(logits[1:2, 2:], torch.tensor([1]))
    torch.testing.assert_close(judge_loss(logits, attributes, labels), expected)
    nothing = judge_loss(logits, torch.full_like(attributes, -1), torch.full_like(labels, -1))
    assert nothing == 0


def test_attributes_alone_and_a_class_alone() -> None:
    logits = torch.zeros(2, 3)
    no_labels = torch.full((2,), -1, dtype=torch.int16)
    all_attributes = torch.ones(2, 3, dtype=torch.int8)
    assert judge_loss(logits, all_attributes, no_labels) == pytest.approx(np.log(2))
    none = torch.zeros(2, 0, dtype=torch.int8)
    assert judge_loss(logits, none, torch.tensor([0, 2])) == pytest.approx(np.log(3))


def test_variation_is_drawn_from_the_generator_and_stays_in_range() -> None:
    x = torch.rand(8, 3, 32, 32, generator=torch.Generator().manual_seed(0))
    one, other, third = (
        varied(x, torch.Generator().manual_seed(seed), mirror=True) for seed in (1, 1, 2)
    )
    assert torch.equal(one, other)
    assert not torch.equal(one, third)
    assert one.shape == x.shape
    assert 0 <= one.min() < one.max() <= 1


def test_only_what_may_be_mirrored_is_mirrored() -> None:
    """A ramp from left to right stays one, however it is moved, lit and blurred."""
    ramp = torch.linspace(0.3, 0.7, 32).expand(64, 1, 32, 32).contiguous()
    generator = torch.Generator().manual_seed(0)

    def rising(mirror: bool) -> float:
        out = varied(ramp, generator, mirror=mirror)
        return float(
            (out[..., 16:].mean((1, 2, 3)) > out[..., :16].mean((1, 2, 3))).float().mean()
        )

    assert rising(False) == 1
    assert 0.3 < rising(True) < 0.7


@pytest.mark.parametrize("sigma", [0.5, 1.0, 1.5])
def test_the_blur_is_a_gaussian(sigma: float) -> None:
    x = torch.rand(2, 3, 32, 32, generator=torch.Generator().manual_seed(0))
    expected = gaussian_filter(x.numpy(), (0, 0, sigma, sigma), mode="nearest", truncate=4 / sigma)
    np.testing.assert_allclose(_blurred(x, sigma).numpy(), expected, atol=1e-5)
    assert torch.equal(_blurred(x, 0.0), x)
