"""One cell of a sweep: the ordinary run, started or resumed, in a process of its own.

    python -m explorer.training.cell SWEEP/.runs/CELL.json

The process ends when its standard input does, so that none outlives the sweep that started it:
it stops as after Ctrl-C, and its run can be resumed.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

from explorer.bundle import RESUME, BundleError
from explorer.bundle.tended import end_with_stdin
from explorer.data import DataError
from explorer.latent import LatentError
from explorer.training import state
from explorer.training.errors import TrainingError
from explorer.training.run import resume, train
from explorer.training.settings import RunSettings, from_json
from explorer.vae.config import ConfigError

MODULE = "explorer.training.cell"
DONE, FAILED, STOPPED = 0, 1, 130


def run_cell(path: Path) -> int:
    """Carry out the run whose settings lie at ``path``; what goes wrong is told on stderr.

    Returns:
        The exit code: done, failed or stopped.
    """
    try:
        print(_start(_settings(path)), file=sys.stderr)
    except KeyboardInterrupt:
        print("\nStopped; the sweep goes on with it when it is run again.", file=sys.stderr)
        return STOPPED
    except (ConfigError, DataError, TrainingError, BundleError, LatentError) as error:
        print(f"\n{error}", file=sys.stderr)
        return FAILED
    return DONE


def _settings(path: Path) -> RunSettings:
    # The sweep may have been renamed or moved since.
    settings = from_json(path.read_text(encoding="utf-8"))
    return replace(settings, out=path.parent.parent, name=path.stem)


def _start(settings: RunSettings) -> Path:
    if (settings.folder / RESUME / state.SETTINGS).is_file():
        return resume(settings.folder)
    return train(settings)


if __name__ == "__main__":
    end_with_stdin()
    sys.exit(run_cell(Path(sys.argv[1])))
