from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from explorer.data import Dataset
from explorer.training import TrainingError
from explorer.training.learning_rate import cosine_factor
from explorer.training.trainer import StepReport, Trainer
from explorer.vae import ObjectiveConfig, Warmup
from tests.training.runs import (
    CPU,
    MODEL,
    assert_same_numbers,
    make_dataset,
    make_settings,
    make_trainer,
    numbers_of,
)


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    """56 pictures for training: 3 batches of 16 and a rest."""
    return make_dataset(64)


@pytest.fixture
def make(tmp_path: Path, dataset: Dataset) -> Callable[..., Trainer]:
    def make(machine: Any = CPU, **changes: Any) -> Trainer:
        return make_trainer(make_settings(tmp_path, **changes), dataset, machine)

    return make


def epochs_of(trainer: Trainer, count: int) -> list[StepReport]:
    reports: list[StepReport] = []
    for _ in range(count):
        trainer.run_epoch(reports.append)
    return reports


def test_counts(make: Callable[..., Trainer]) -> None:
    trainer = make()
    assert (trainer.steps_per_epoch, trainer.images_per_epoch) == (3, 48)
    reports = epochs_of(trainer, 2)
    assert [report.step for report in reports] == [1, 2, 3, 4, 5, 6]
    assert {report.num_images for report in reports} == {16}
    assert (trainer.epoch, trainer.step) == (2, 6)
    assert trainer.seconds > 0


def test_fewer_pictures_than_a_batch_are_one_step(make: Callable[..., Trainer]) -> None:
    trainer = make(optimisation={"batch_size": 500})
    assert (trainer.steps_per_epoch, trainer.images_per_epoch) == (1, 56)
    (report,) = epochs_of(trainer, 1)
    assert report.num_images == 56


@pytest.mark.parametrize("likelihood", ["bernoulli", "gaussian", "squared"])
@pytest.mark.parametrize("variational", [True, False])
def test_the_loss_falls(likelihood: Any, variational: bool, make: Callable[..., Trainer]) -> None:
    trainer = make(
        model=replace(MODEL, variational=variational),
        objective=ObjectiveConfig(likelihood=likelihood),
        optimisation={"epochs": 12, "learning_rate": 3e-3},
    )
    reports = epochs_of(trainer, 12)
    first, last = (
        sum(report.distortion for report in part) for part in (reports[:3], reports[-3:])
    )
    assert last < first - 0.2 * abs(first)
    assert all((report.rate > 0) == variational for report in reports)


def test_a_loss_is_its_distortion_and_its_weighted_rate(make: Callable[..., Trainer]) -> None:
    trainer = make(objective=ObjectiveConfig(beta=4.0), warmup=Warmup(kind="linear", epochs=2))
    for report in epochs_of(trainer, 2):
        expected = report.distortion + report.beta * report.rate
        assert report.loss == pytest.approx(expected, rel=1e-5)


def test_beta_and_the_learning_rate_follow_their_schedules(make: Callable[..., Trainer]) -> None:
    trainer = make(
        objective=ObjectiveConfig(beta=3.0),
        warmup=Warmup(kind="linear", epochs=2),
        optimisation={"learning_rate": 0.01, "lr_warmup_steps": 0},
    )
    reports = epochs_of(trainer, 3)
    ramp = [0, 0.5, 1, 1.5, 2, 2.5, 3, 3, 3]
    assert [report.beta for report in reports] == pytest.approx(ramp)
    rates = [0.01 * cosine_factor(step, total_steps=9, warmup_steps=0) for step in range(9)]
    assert [report.learning_rate for report in reports] == pytest.approx(rates)


@pytest.mark.parametrize("precision", ["fp32", "bf16"])
@pytest.mark.parametrize("flip", [True, False])
def test_the_same_seed_is_the_same_to_the_last_bit(
    precision: str, flip: bool, make: Callable[..., Trainer]
) -> None:
    machine = replace(CPU, precision=precision)
    first, second, other = (
        make(machine, seed=seed, optimisation={"flip": flip}) for seed in (1, 1, 2)
    )
    for trainer in (first, second, other):
        epochs_of(trainer, 2)
    assert_same_numbers(second, numbers_of(first))
    assert not torch.equal(
        numbers_of(other)["model.decoder.0.weight"], numbers_of(first)["model.decoder.0.weight"]
    )


def test_global_randomness_is_neither_used_nor_moved(make: Callable[..., Trainer]) -> None:
    torch.manual_seed(0)
    state = torch.get_rng_state()
    first = make(optimisation={"flip": True})
    epochs_of(first, 1)
    assert torch.equal(torch.get_rng_state(), state)
    torch.manual_seed(1)
    second = make(optimisation={"flip": True})
    epochs_of(second, 1)
    assert_same_numbers(second, numbers_of(first))


def test_a_restored_trainer_goes_on_as_if_nothing_had_been(make: Callable[..., Trainer]) -> None:
    whole = make(optimisation={"flip": True})
    epochs_of(whole, 3)
    first = make(optimisation={"flip": True})
    epochs_of(first, 1)
    second = make(optimisation={"flip": True})
    second.restore(first.state())
    epochs_of(second, 2)
    assert_same_numbers(second, numbers_of(whole))


def test_each_epoch_has_its_own_order_and_noise(make: Callable[..., Trainer]) -> None:
    trainer = make(optimisation={"learning_rate": 1e-12, "weight_decay": 0.0})
    first, second = (epochs_of(trainer, 1)[0].distortion for _ in range(2))
    assert first != second


def _not_a_number(loss: torch.Tensor) -> torch.Tensor:
    return loss * float("nan")


def _steep(loss: torch.Tensor) -> torch.Tensor:
    return loss + torch.sqrt((loss - loss.detach()).abs())  # adds 0, with an infinite slope


@pytest.mark.parametrize(
    ("broken", "name"), [(_not_a_number, "loss"), (_steep, "gradient's norm")]
)
def test_what_is_not_finite_stops_before_the_step(
    broken: Callable[[torch.Tensor], torch.Tensor],
    name: str,
    make: Callable[..., Trainer],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    trainer = make(optimisation={"learning_rate": 0.5})
    epochs_of(trainer, 1)
    before, real = numbers_of(trainer), trainer.objective.loss
    monkeypatch.setattr(trainer.objective, "loss", lambda *given: broken(real(*given)))
    with pytest.raises(TrainingError) as caught:
        trainer.run_epoch(lambda _: None)
    sentence = str(caught.value)
    assert sentence.startswith(f"the {name} is nan at step 4 (epoch 1.00), so the run stopped")
    assert "lower --learning-rate (now 0.5)" in sentence
    after = numbers_of(trainer)
    weights = [key for key in before if not key.startswith("objective.")]
    assert all(torch.equal(after[key], before[key]) for key in weights)
    assert all(torch.isfinite(after[key]).all() for key in weights)


def test_a_huge_learning_rate_ends_in_the_sentence(make: Callable[..., Trainer]) -> None:
    trainer = make(optimisation={"epochs": 40, "learning_rate": 1e30})
    with pytest.raises(TrainingError, match="lower --learning-rate"):
        epochs_of(trainer, 40)
    weights = numbers_of(trainer)
    assert all(torch.isfinite(weights[key]).all() for key in weights if key[:5] == "model")


def test_the_state_of_another_network_is_a_sentence(make: Callable[..., Trainer]) -> None:
    other = make(model=replace(MODEL, latent_dim=5))
    with pytest.raises(TrainingError, match="not that of the network in the run's settings"):
        make().restore(other.state())


def test_a_state_without_a_part_is_a_sentence(make: Callable[..., Trainer]) -> None:
    state = make().state()
    del state["optimiser"]
    with pytest.raises(TrainingError, match="resume with the version that started the run"):
        make().restore(state)


def test_pictures_that_changed_meanwhile_are_a_sentence(
    make: Callable[..., Trainer], tmp_path: Path
) -> None:
    trainer = make()
    epochs_of(trainer, 2)
    fewer = make_trainer(make_settings(tmp_path), make_dataset(44))
    with pytest.raises(TrainingError, match=r"6 steps in 2 epochs, but 36 training pictures"):
        fewer.restore(trainer.state())


def test_weight_decay_is_for_matrices_and_kernels(make: Callable[..., Trainer]) -> None:
    trainer = make(optimisation={"weight_decay": 0.25})
    groups = {group["weight_decay"]: group["params"] for group in trainer.optimiser.param_groups}
    assert {p.ndim for p in groups[0.25]} == {2, 4}
    assert {p.ndim for p in groups[0.0]} == {1}
    trained = [p for p in trainer.model.parameters() if p.requires_grad]
    assert len(groups[0.25]) + len(groups[0.0]) == len(trained)


def test_gradients_are_clipped(make: Callable[..., Trainer]) -> None:
    # Adam is blind to the gradient's scale: seen before the step, from the moments after it.
    trainer = make(optimisation={"grad_clip": 1e-3, "epochs": 1, "batch_size": 56})
    epochs_of(trainer, 1)
    moments = [entry["exp_avg"] for entry in trainer.optimiser.state.values()]
    norm = torch.cat([moment.flatten() for moment in moments]).norm() / 0.1
    assert norm.item() == pytest.approx(1e-3, rel=1e-3)


def test_weights_are_channels_last(make: Callable[..., Trainer]) -> None:
    kernels = [p for p in make().model.parameters() if p.ndim == 4]
    assert kernels
    assert all(kernel.is_contiguous(memory_format=torch.channels_last) for kernel in kernels)


def test_the_average_follows_the_weights(make: Callable[..., Trainer]) -> None:
    trainer = make(optimisation={"learning_rate": 0.01})
    before = numbers_of(trainer)
    epochs_of(trainer, 1)
    after, key = numbers_of(trainer), "decoder.0.weight"
    moved = (after[f"model.{key}"] - before[f"model.{key}"]).norm()
    followed = (after[f"averaged.{key}"] - before[f"averaged.{key}"]).norm()
    assert 0 < followed < moved
