from __future__ import annotations

from explorer.ui.lab.architecture import facts, num_weights
from explorer.vae import VAE, ModelConfig
from tests.ui.lab.conftest import OpenTiny


def test_the_weights_are_those_that_were_trained(open_tiny: OpenTiny) -> None:
    for architecture in ("conv", "mlp"):
        opened = open_tiny(architecture, architecture=architecture)
        config = ModelConfig(
            architecture=architecture,  # type: ignore[arg-type]
            image_size=32,
            latent_dim=8,
            width=8,
        )
        wanted = sum(parameter.numel() for parameter in VAE(config).parameters())
        assert num_weights(opened) == wanted


def test_size_and_speed_are_told(open_tiny: OpenTiny) -> None:
    told = dict(facts(open_tiny()))
    assert told["Weights"].endswith(" million")
    assert told["Training"] == "500 pictures/s"
    assert told["PSNR"] == "21.5 dB"
