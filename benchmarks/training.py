"""How fast training goes beside a bare loop and beside pythae's trainer, in one run.

    python -m benchmarks.training                        # 64 px faces network, all threads
    python -m benchmarks.training --width 16 --threads 1
    python -m benchmarks.training --device cuda --batch-size 256 --num-images 16384

The bare loop is forward, backward and step on batches that lie ready: same network, batch size,
precision, memory format and optimiser, but no shuffling, no uint8, no flips, no clipping, no
running mean of the weights, no checks, no figures. pythae gets the same encoder and decoder, the
same pictures and the same batch size, and otherwise its defaults (Adam, float32, no workers).
Rounds are interleaved, so that whatever else the machine does touches all alike.

Goals: at least 0.9 of the bare loop, at least 2.5 times pythae on a CPU.

pythae is no dependency of this project. In an environment of its own:
    pip install -r requirements.txt pythae==0.1.2
"""

from __future__ import annotations

import argparse
import logging
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from explorer import data
from explorer.training import Optimisation, RunSettings
from explorer.training.feed import feed_of
from explorer.training.machine import Machine, find_machine
from explorer.training.progress import picture_bar
from explorer.training.trainer import Trainer
from explorer.vae import VAE, ModelConfig, ObjectiveConfig, Posterior, Warmup, kl_per_dim

BARE_GOAL, PYTHAE_GOAL = 0.9, 2.5
OURS, BARE, PYTHAE = "ours", "bare loop", "pythae 0.1.2"

Epoch = Callable[[], object]


@dataclass(frozen=True)
class Task:
    """What all loops do: the settings and as many training pictures as fill whole batches."""

    settings: RunSettings
    dataset: data.Dataset

    @property
    def num_images(self) -> int:
        return len(self.dataset)

    def batches(self, device: torch.device) -> list[Tensor]:
        """Ready float pictures in batches, channels last."""
        feed, size = feed_of(self.dataset, device), self.settings.optimisation.batch_size
        return [feed.batch(rows) for rows in torch.arange(self.num_images).to(device).split(size)]


def make_task(arguments: argparse.Namespace) -> Task:
    spec = data.DataSpec("toy-faces", image_size=arguments.image_size, limit=arguments.num_images)
    found = data.load(spec)
    whole = len(found) // arguments.batch_size * arguments.batch_size
    if not whole:
        raise SystemExit(f"--num-images {len(found)} is less than one batch; choose more.")
    dataset = replace(
        found,
        images=np.array(found.images[:whole]),
        split=np.full(whole, data.TRAIN, np.uint8),
    )
    settings = RunSettings(
        name="benchmark",
        out=Path(),
        data=spec,
        model=ModelConfig(
            image_size=arguments.image_size, latent_dim=arguments.latent_dim, width=arguments.width
        ),
        objective=ObjectiveConfig(),
        warmup=Warmup(),
        optimisation=Optimisation(
            epochs=arguments.rounds + 1, batch_size=arguments.batch_size, flip=True
        ),
        precision=arguments.precision,
        device=arguments.device,
        threads=arguments.threads,
    )
    return Task(settings, dataset)


def our_epoch(task: Task, machine: Machine) -> Epoch:
    feed = feed_of(task.dataset, machine.device)
    trainer = Trainer(task.settings, task.dataset, feed, machine)

    def epoch() -> None:
        with picture_bar(task.num_images, title=OURS) as bar:
            trainer.run_epoch(lambda step: bar.update(step.num_images))

    return epoch


def bare_epoch(task: Task, machine: Machine) -> Epoch:
    model = VAE(task.settings.model).to(machine.device, memory_format=torch.channels_last)
    optimiser = torch.optim.AdamW(model.parameters(), lr=1e-3, fused=True)
    batches, latent_dim = task.batches(machine.device), task.settings.model.latent_dim

    def forward(x: Tensor, epsilon: Tensor) -> tuple[Posterior, Tensor]:
        posterior = model.encode(x)
        return posterior, model.decode(posterior.shifted(epsilon))

    if machine.compile:
        forward = torch.compile(forward)

    def epoch() -> None:
        for x in batches:
            epsilon = torch.randn(len(x), latent_dim, device=x.device)
            with machine.autocast():
                posterior, mean = forward(x, epsilon)
            kl = kl_per_dim(posterior.mu, posterior.logvar).sum(1)
            loss = ((mean - x).square().flatten(1).sum(1) + kl).mean()
            loss.backward()
            optimiser.step()
            optimiser.zero_grad(set_to_none=True)

    return epoch


def pythae_epoch(task: Task, machine: Machine, folder: str) -> Epoch:
    """One epoch of pythae's own loop; its copies of the best model are left out of the time.

    Raises:
        ImportError: pythae is not installed.
    """
    from pythae.data.datasets import BaseDataset
    from pythae.models import VAE as PythaeVae
    from pythae.models import VAEConfig
    from pythae.models.base.base_utils import ModelOutput
    from pythae.models.nn import BaseDecoder, BaseEncoder
    from pythae.trainers import BaseTrainer, BaseTrainerConfig

    logging.disable(logging.INFO)

    class Encoder(BaseEncoder):
        def __init__(self, model: VAE) -> None:
            super().__init__()
            self.model = model

        def forward(self, x: Tensor) -> ModelOutput:
            posterior = self.model.encode(x)
            return ModelOutput(embedding=posterior.mu, log_covariance=posterior.logvar)

    class Decoder(BaseDecoder):
        def __init__(self, model: VAE) -> None:
            super().__init__()
            self.model = model

        def forward(self, z: Tensor) -> ModelOutput:
            return ModelOutput(reconstruction=self.model.decode(z))

    config, size = task.settings.model, task.settings.optimisation.batch_size
    encoding, decoding = VAE(config), VAE(config)
    del encoding.decoder, decoding.encoder
    trainer = BaseTrainer(
        PythaeVae(
            VAEConfig(
                input_dim=(config.channels, config.image_size, config.image_size),
                latent_dim=config.latent_dim,
            ),
            Encoder(encoding),
            Decoder(decoding),
        ),
        train_dataset=BaseDataset(
            torch.cat(task.batches(torch.device("cpu"))).contiguous(), torch.zeros(task.num_images)
        ),
        training_config=BaseTrainerConfig(
            output_dir=folder,
            per_device_train_batch_size=size,
            num_epochs=task.settings.optimisation.epochs,
            no_cuda=machine.device.type == "cpu",
        ),
    )
    trainer.prepare_training()
    numbers = iter(range(1, task.settings.optimisation.epochs + 1))
    return lambda: trainer.train_step(next(numbers))


def measure(epochs: dict[str, Epoch], task: Task, *, rounds: int) -> dict[str, list[float]]:
    """Images/s of each loop in each round, after one to warm up; the order turns each round."""
    speeds: dict[str, list[float]] = {name: [] for name in epochs}
    names = list(epochs)
    for number in range(rounds + 1):
        for name in names if number % 2 else names[::-1]:
            start = time.perf_counter()
            epochs[name]()
            if torch.cuda.is_available():
                torch.cuda.synchronize()
            if number:
                speeds[name].append(task.num_images / (time.perf_counter() - start))
    return speeds


def ratio(speeds: dict[str, list[float]], name: str, other: str) -> float:
    """Median over rounds of the ratio within a round."""
    pairs = zip(speeds[name], speeds[other], strict=True)
    return statistics.median(one / two for one, two in pairs)


def report(speeds: dict[str, list[float]], *, titles: dict[str, str]) -> None:
    print(f"{'loop':<32}{'images/s':>10}{'slowest':>10}{'fastest':>10}{'ours is':>10}")
    for name, found in speeds.items():
        print(
            f"{titles[name]:<32}{statistics.median(found):>10.1f}{min(found):>10.1f}"
            f"{max(found):>10.1f}{ratio(speeds, OURS, name):>9.2f}x"
        )
    for other, goal in ((BARE, BARE_GOAL), (PYTHAE, PYTHAE_GOAL)):
        if other in speeds:
            reached = ratio(speeds, OURS, other)
            verdict = "reached" if reached >= goal else "MISSED"
            print(f"goal {goal:g} of {other}: {verdict} ({reached:.2f})")


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--image-size", type=int, default=64)
    parser.add_argument("--width", type=int, default=32)
    parser.add_argument("--latent-dim", type=int, default=128)
    parser.add_argument("--batch-size", type=int, default=64)
    parser.add_argument("--num-images", type=int, default=640)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=None)
    parser.add_argument("--precision", choices=("auto", "bf16", "fp32"), default="auto")
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    return parser.parse_args()


def main() -> None:
    arguments = parse()
    task = make_task(arguments)
    machine = find_machine(task.settings)
    exact = replace(machine, precision="fp32", compile=False)
    compiled = ", compiled" if machine.compile else ""
    titles = {
        OURS: f"{OURS} ({machine.precision}{compiled})",
        BARE: f"{BARE} ({machine.precision}{compiled})",
        "ours, plain": f"{OURS} (fp32)",
        PYTHAE: f"{PYTHAE} (fp32, its default)",
    }
    with tempfile.TemporaryDirectory() as folder:
        epochs = {OURS: our_epoch(task, machine), BARE: bare_epoch(task, machine)}
        if machine.precision != exact.precision or machine.compile:
            epochs["ours, plain"] = our_epoch(task, exact)
        try:
            epochs[PYTHAE] = pythae_epoch(task, machine, folder)
        except ImportError as error:
            print(f"pythae is left out ({error}): pip install pythae==0.1.2")
        model = task.settings.model
        numbers = sum(p.numel() for p in VAE(model).parameters())
        print(
            f"{model.image_size} px, width {model.width}, latent_dim {model.latent_dim}, "
            f"{numbers / 1e6:.1f} M parameters, batches of {arguments.batch_size}, "
            f"{task.num_images} pictures, {arguments.rounds} rounds; {machine.title}, torch "
            f"{torch.__version__}"
        )
        report(measure(epochs, task, rounds=arguments.rounds), titles=titles)


if __name__ == "__main__":
    main()
