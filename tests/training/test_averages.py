from __future__ import annotations

import torch

from explorer.training.averages import AveragedWeights
from explorer.vae import VAE
from tests.training.runs import MODEL


def moved(model: VAE, generator: torch.Generator) -> None:
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(torch.randn(parameter.shape, generator=generator))


def test_it_is_the_exponential_moving_average_of_a_loop() -> None:
    model, generator = VAE(MODEL), torch.Generator().manual_seed(0)
    averaged = AveragedWeights(model, 0.5)
    expected = {name: value.double() for name, value in model.state_dict().items()}
    for step in range(1, 15):
        moved(model, generator)
        averaged.update(model, step)
        decay = min(0.5, (1 + step) / (10 + step))
        for name, value in model.state_dict().items():
            expected[name] = decay * expected[name] + (1 - decay) * value
    for name, value in averaged.model.state_dict().items():
        torch.testing.assert_close(value.double(), expected[name], atol=1e-5, rtol=1e-5)


def test_the_first_weights_are_forgotten_however_slow_the_limit() -> None:
    model, generator = VAE(MODEL), torch.Generator().manual_seed(0)
    averaged = AveragedWeights(model, 0.9999)
    moved(model, generator)
    for step in range(1, 200):
        averaged.update(model, step)
    for mine, theirs in zip(averaged.model.parameters(), model.parameters(), strict=True):
        torch.testing.assert_close(mine, theirs, atol=1e-4, rtol=1e-4)


def test_it_is_a_copy_that_no_optimiser_moves() -> None:
    model = VAE(MODEL)
    averaged = AveragedWeights(model, 0.9)
    before = {name: value.clone() for name, value in averaged.model.state_dict().items()}
    moved(model, torch.Generator().manual_seed(0))
    for name, value in averaged.model.state_dict().items():
        assert torch.equal(value, before[name])
    assert not any(parameter.requires_grad for parameter in averaged.model.parameters())
    assert not averaged.model.training
