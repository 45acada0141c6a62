"""How long one picture takes to decode on one core, and a batch per picture.

    python -m benchmarks.decode                          # the default networks, random weights
    python -m benchmarks.decode pretrained/faces         # a bundle

Goal: one 64x64 face in at most 12 ms on one core.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import save_file

import explorer
from explorer.bundle.runtime import Runtime
from explorer.vae import VAE, ModelConfig

GOAL_MS = 12.0
NETWORKS = (
    ModelConfig(image_size=64, latent_dim=128, width=32),
    ModelConfig(image_size=64, latent_dim=128, width=32, depth=2),
    ModelConfig(image_size=64, latent_dim=128, width=48),
    ModelConfig(image_size=28, channels=1, latent_dim=32, width=32),
)


def milliseconds(action: Callable[[], object], *, repeats: int = 100) -> list[float]:
    """Wall time of each call after ten for warming up."""
    times = []
    for number in range(repeats + 10):
        start = time.perf_counter()
        action()
        if number >= 10:
            times.append(1e3 * (time.perf_counter() - start))
    return times


def report(name: str, decode: Callable[[np.ndarray], np.ndarray], *, dim: int) -> None:
    rng = np.random.default_rng(0)
    one, many = (rng.standard_normal((count, dim), dtype=np.float32) for count in (1, 64))
    single = milliseconds(lambda: decode(one))
    batch = milliseconds(lambda: decode(many), repeats=5)
    median = statistics.median(single)
    print(
        f"{name}: one picture {median:.1f} ms (fastest {min(single):.1f}), "
        f"in a batch of 64 {statistics.median(batch) / 64:.1f} ms each"
        + ("" if median <= GOAL_MS else f"  -- above the goal of {GOAL_MS:g} ms")
    )


def report_network(config: ModelConfig) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.safetensors"
        model = VAE(config)
        save_file({name: value.numpy() for name, value in model.state_dict().items()}, path)
        runtime = Runtime(path, config=config)
        name = f"{config.image_size} px, width {config.width}, depth {config.depth}"
        report(name, runtime.decode, dim=config.latent_dim)
        plain = model.eval()
        z = torch.randn(1, config.latent_dim)
        with torch.inference_mode():
            times = milliseconds(lambda: plain.decode(z))
        print(f"    the network as it was trained: {statistics.median(times):.1f} ms")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("bundles", nargs="*", help="folders of bundles")
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    for path in arguments.bundles:
        bundle = explorer.load(path)
        report(str(path), bundle.decode, dim=bundle.config.model.latent_dim)
        bundle.prepare_quick()
        quick = partial(bundle.decode, quick=True)
        report(f"{path}, quick", quick, dim=bundle.config.model.latent_dim)
    for config in () if arguments.bundles else NETWORKS:
        report_network(config)


if __name__ == "__main__":
    main()
