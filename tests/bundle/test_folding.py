from __future__ import annotations

import pytest
import torch
from torch import nn

from explorer.bundle.folding import UpsampledConv, fold_upsampling


def network(*layers: nn.Module) -> nn.Sequential:
    return nn.Sequential(*layers).eval()


@pytest.mark.parametrize("shape", [(1, 3, 4, 4), (2, 3, 7, 5), (3, 3, 1, 1)])
@pytest.mark.parametrize("bias", [True, False])
@torch.inference_mode()
def test_the_same_function(shape: tuple[int, ...], bias: bool) -> None:
    plain = network(nn.Upsample(scale_factor=2), nn.Conv2d(3, 5, 3, padding=1, bias=bias))
    folded = fold_upsampling(plain)
    x = torch.randn(shape, generator=torch.Generator().manual_seed(0))
    assert [type(layer) for layer in folded] == [UpsampledConv]
    torch.testing.assert_close(folded(x), plain(x), rtol=1e-5, atol=1e-6)


@torch.inference_mode()
def test_channels_last_changes_nothing() -> None:
    plain = network(nn.Upsample(scale_factor=2), nn.Conv2d(8, 16, 3, padding=1))
    x = torch.randn((2, 8, 6, 6), generator=torch.Generator().manual_seed(0))
    folded = fold_upsampling(plain).to(memory_format=torch.channels_last)
    torch.testing.assert_close(folded(x), plain(x), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(
    "layers",
    [
        (nn.Upsample(scale_factor=2), nn.SiLU()),
        (nn.Upsample(scale_factor=3), nn.Conv2d(3, 3, 3, padding=1)),
        (nn.Upsample(scale_factor=2, mode="bilinear"), nn.Conv2d(3, 3, 3, padding=1)),
        (nn.Upsample(scale_factor=2), nn.Conv2d(3, 3, 5, padding=2)),
        (nn.Upsample(scale_factor=2), nn.Conv2d(3, 3, 3, padding=1, stride=2)),
        (nn.Upsample(scale_factor=2), nn.Conv2d(3, 3, 3, padding=1, groups=3)),
        (nn.Upsample(scale_factor=2), nn.Conv2d(3, 3, 3, padding=1, padding_mode="reflect")),
        (nn.SiLU(), nn.Upsample(scale_factor=2)),
    ],
)
def test_what_cannot_be_folded_stays(layers: tuple[nn.Module, ...]) -> None:
    assert list(fold_upsampling(network(*layers))) == list(layers)
