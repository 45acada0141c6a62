"""How long a sweep of six small cells takes beside six single runs in a row, in one run.

    python -m benchmarks.sweep
    python -m benchmarks.sweep --rounds 3 --epochs 10

Both train the same six models of scikit-learn's digits, each in a process of its own that imports,
trains, fits the maps and writes its bundle; the pictures are in the cache before. Single runs take
all cores one after another, as `train_cli.py train` does by itself; the sweep decides for itself.
Rounds are interleaved, so that whatever else the machine does touches both alike.

Goal: at most 1.05 times the single runs, on 2 cores.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

GOAL = 1.05
ROOT = Path(__file__).resolve().parents[1]
BETAS, LATENT_DIMS = ("0", "1", "4"), ("2", "8")


def call(*words: str) -> None:
    """Run the command line; what it says is shown when it fails.

    Raises:
        SystemExit: It failed.
    """
    command = [sys.executable, "train_cli.py", *words]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)


def single_runs(out: Path, options: list[str]) -> None:
    for dim in LATENT_DIMS:
        for beta in BETAS:
            values = ["--beta", beta, "--latent-dim", dim, "--name", f"{beta}-{dim}"]
            call("train", *options, *values, "--out", str(out))


def sweep(out: Path, options: list[str]) -> None:
    values = ["--betas", *BETAS, "--latent-dims", *LATENT_DIMS, "--name", "grid"]
    call("sweep", *options, *values, "--out", str(out))


def seconds_of(work: Callable[[Path, list[str]], None], options: list[str]) -> float:
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        work(Path(folder), options)
        return time.perf_counter() - start


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--limit", type=int, default=1000)
    parser.add_argument("--width", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=1)
    return parser.parse_args()


def main() -> None:
    arguments = parse()
    options = ["--data", "digits", "--limit", str(arguments.limit), "--width"]
    options += [str(arguments.width), "--epochs", str(arguments.epochs)]
    with tempfile.TemporaryDirectory() as cache:
        os.environ["LATENT_EXPLORER_CACHE"] = cache
        seconds_of(lambda out, _: call("train", *options, "--out", str(out)), options)
        found: dict[str, list[float]] = {"single runs": [], "sweep": []}
        for number in range(arguments.rounds):
            load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
            found["single runs"].append(seconds_of(single_runs, options))
            found["sweep"].append(seconds_of(sweep, options))
            one, other = (times[-1] for times in found.values())
            print(
                f"round {number + 1} (load before {load:.1f}): six single runs {one:.1f} s, "
                f"a sweep of six {other:.1f} s, {other / one:.2f}x",
                flush=True,
            )
    pairs = zip(found["sweep"], found["single runs"], strict=True)
    reached = statistics.median(one / other for one, other in pairs)
    verdict = "reached" if reached <= GOAL else "MISSED"
    print(f"{os.cpu_count()} cores; goal {GOAL:g}: {verdict} ({reached:.2f})")


if __name__ == "__main__":
    main()
