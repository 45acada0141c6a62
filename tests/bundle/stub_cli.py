"""A command line that trains nothing: what it does stands in a file, so that no test waits.

``STUB`` names a folder: NAME.json there is ``{"do": "finish"}``, or ``fail``, ``die``, ``wait`` or
``deaf``; a bundle of that name there is what a run that finishes leaves.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import time
from pathlib import Path


def option(words: list[str], name: str) -> str:
    return words[words.index(name) + 1]


def begin(run: Path, epoch: int) -> None:
    state = run / ".resume"
    state.mkdir(parents=True, exist_ok=True)
    settings = {"optimisation": {"epochs": 4, "batch_size": 10}}
    (state / "settings.json").write_text(json.dumps(settings))
    with (state / "metrics.jsonl").open("a") as file:
        for split in ("train", "valid"):
            event = {"split": split, "step": 4 * epoch, "epoch": epoch, "images_per_s": 20.0}
            event |= {"elbo": -9.0 / epoch, "rate": 4.0, "distortion": 5.0}
            file.write(json.dumps(event) + "\n")


def wait(*, is_deaf: bool) -> None:
    while True:
        try:
            time.sleep(0.01)
        except KeyboardInterrupt:
            if not is_deaf:
                raise


def main(words: list[str]) -> int:
    print(*words, file=sys.stderr)
    if words[0] == "resume":
        run = Path(words[1])
    else:
        run = Path(option(words, "--out")) / option(words, "--name")
    shelf = Path(os.environ["STUB"])
    action = json.loads((shelf / f"{run.name}.json").read_text())["do"]
    if action == "fail":
        print("\nthe loss is nan, so the run\nstopped before that step.", file=sys.stderr)
        return 1
    begin(run, 2 if words[0] == "resume" else 1)
    if action == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    if action == "finish":
        shutil.rmtree(run)
        shutil.copytree(shelf / run.name, run)
        return 0
    try:
        wait(is_deaf=action == "deaf")
    except KeyboardInterrupt:
        print("\nInterrupted; go on with: python train_cli.py resume ...", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
