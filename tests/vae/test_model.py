from __future__ import annotations

import itertools

import pytest
import torch

from explorer.vae import LOGVAR_MIN, VAE, ModelConfig, Posterior
from explorer.vae.config import Inputs


def pictures(config: ModelConfig, count: int = 2) -> torch.Tensor:
    generator = torch.Generator().manual_seed(0)
    shape = (count, config.channels, config.image_size, config.image_size)
    return torch.rand(shape, generator=generator)


CONFIGS = [
    ModelConfig(
        architecture=architecture,  # type: ignore[arg-type]
        image_size=image_size,
        channels=channels,
        latent_dim=3,
        variational=variational,
        width=8,
    )
    for architecture, image_size, channels, variational in itertools.product(
        ("conv", "mlp"), (28, 32, 64, 128), (1, 3), (True, False)
    )
]


@pytest.mark.parametrize(
    "config",
    CONFIGS,
    ids=lambda c: f"{c.architecture}-{c.image_size}-{c.channels}-{c.variational}",
)
@torch.no_grad()
def test_shapes_and_range(config: ModelConfig) -> None:
    model, x = VAE(config), pictures(config)
    posterior = model.encode(x)
    assert posterior.mu.shape == posterior.logvar.shape == (2, 3)
    assert posterior.is_point == (not config.variational)
    assert model.logits(posterior.mu).shape == x.shape
    decoded = model.decode(50 * posterior.mu)
    assert decoded.shape == x.shape
    assert decoded.dtype == torch.float32
    assert 0 <= decoded.min() <= decoded.max() <= 1


@pytest.mark.parametrize("latent_dim", [2, 512])
@torch.no_grad()
def test_the_ends_of_latent_dim(latent_dim: int) -> None:
    model = VAE(ModelConfig(image_size=28, channels=1, latent_dim=latent_dim, width=8))
    assert model.encode(pictures(model.config)).mu.shape == (2, latent_dim)


def test_a_plain_autoencoder_reports_a_point() -> None:
    model = VAE(ModelConfig(image_size=32, latent_dim=4, width=8, variational=False))
    posterior = model.encode(pictures(model.config))
    assert (posterior.logvar == LOGVAR_MIN).all()
    assert torch.equal(posterior.sample(), posterior.mu)
    assert torch.equal(posterior.shifted(torch.ones(2, 4)), posterior.mu)


def test_samples_have_the_moments_of_the_posterior() -> None:
    mu = torch.tensor([1.0, -2.0, 0.0]).expand(40_000, 3)
    logvar = torch.tensor([0.0, 2.0, -3.0]).expand(40_000, 3)
    drawn = Posterior(mu, logvar).sample(torch.Generator().manual_seed(0))
    sigma = torch.exp(0.5 * logvar[0])
    # Three standard errors of a mean and of a standard deviation of 40,000 draws.
    assert ((drawn.mean(0) - mu[0]).abs() < 3 * sigma / 200).all()
    assert ((drawn.std(0) / sigma - 1).abs() < 3 / 283).all()


def test_a_generator_decides_the_sample() -> None:
    posterior = Posterior(torch.zeros(4, 2), torch.zeros(4, 2))
    draws = [posterior.sample(torch.Generator().manual_seed(seed)) for seed in (1, 1, 2)]
    assert torch.equal(draws[0], draws[1])
    assert not torch.equal(draws[0], draws[2])


def test_shifted_is_the_reparameterisation_and_carries_gradients() -> None:
    mu = torch.tensor([[1.0]], requires_grad=True)
    logvar = torch.tensor([[2.0]], requires_grad=True)
    z = Posterior(mu, logvar).shifted(torch.tensor([[3.0]]))
    assert z.item() == pytest.approx(1 + 3 * 2.718281828)
    z.sum().backward()
    assert mu.grad is not None
    assert mu.grad.item() == 1
    assert logvar.grad is not None
    assert logvar.grad.item() == pytest.approx(0.5 * 3 * 2.718281828)


def test_an_extreme_log_variance_is_clamped() -> None:
    model = VAE(ModelConfig(image_size=28, channels=1, latent_dim=2, width=8))
    last = model.encoder[-1]
    assert isinstance(last, torch.nn.Linear)
    with torch.no_grad():
        last.bias[2:] = torch.tensor([1e4, -1e4])
    logvar = model.encode(pictures(model.config)).logvar
    assert logvar[:, 0].tolist() == [10.0, 10.0]
    assert logvar[:, 1].tolist() == [LOGVAR_MIN, LOGVAR_MIN]


def test_pictures_are_the_sigmoid_of_logits() -> None:
    z = torch.randn(8, 4, generator=torch.Generator().manual_seed(0))
    model = VAE(ModelConfig(image_size=28, channels=1, latent_dim=4, width=8))
    torch.testing.assert_close(model.decode(z), torch.sigmoid(model.logits(z)))


@pytest.mark.parametrize(("inputs", "wanted"), [("centred", [-1, 0, 1]), ("raw", [0, 127.5, 255])])
def test_inputs_are_centred_or_raw(inputs: Inputs, wanted: list[float]) -> None:
    model = VAE(ModelConfig(image_size=28, channels=1, latent_dim=2, width=8, inputs=inputs))
    seen: list[torch.Tensor] = []
    model.encoder.register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0]))
    model.encode(torch.tensor([0.0, 0.5, 1.0]).view(3, 1, 1, 1).expand(3, 1, 28, 28))
    assert [float(x.mean()) for x in seen[0]] == wanted


@pytest.mark.parametrize("architecture", ["conv", "mlp"])
def test_every_weight_is_trained(architecture: str) -> None:
    config = ModelConfig(architecture=architecture, image_size=28, channels=1, width=8)  # type: ignore[arg-type]
    model = VAE(config)
    model.logits(model.encode(pictures(config)).mu).square().sum().backward()
    assert not [name for name, p in model.named_parameters() if p.grad is None]


def test_under_autocast_codes_and_pictures_are_float32() -> None:
    model = VAE(ModelConfig(image_size=28, channels=1, latent_dim=2, width=8))
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        posterior = model.encode(pictures(model.config))
        logits = model.logits(posterior.mu)
    assert {posterior.mu.dtype, posterior.logvar.dtype, logits.dtype} == {torch.float32}
