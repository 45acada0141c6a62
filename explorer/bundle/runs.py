"""A run in progress, or a stopped one, as it can be watched from outside: by its files alone."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from explorer.bundle.format import CONFIG, METRICS, PREVIEW, RESUME

SETTINGS = "settings.json"  # in the folder of its state: what decides the run
SHEET = "sheet.webp"  # what it has learnt so far, renewed after every epoch
EVENTS_PER_EPOCH = 4
RECENT = 8  # events of training whose mean speed predicts the rest

Event = Mapping[str, Any]


@dataclass(frozen=True)
class Progress:
    """How far a run is.

    Attributes:
        epoch: The one it is in, from 1; 0 before its first event.
        epochs: Of the whole run; None when its settings cannot be read.
        fraction: Of its steps, 0 to 1.
        images_per_s: Of late; None before the first event.
        seconds_left: Until the last epoch is done, if it goes on as of late; None if unknown.
    """

    epoch: int = 0
    epochs: int | None = None
    fraction: float = 0.0
    images_per_s: float | None = None
    seconds_left: float | None = None


@dataclass(frozen=True)
class Watched:
    """A run as it can be watched.

    Attributes:
        events: Of its metrics log, in order.
        progress: How far it is.
        sheet: The bytes of its newest contact sheet, a WebP picture; None before the first.
    """

    events: tuple[Event, ...]
    progress: Progress
    sheet: bytes | None


def watch(run: Path) -> Watched:
    """Look at the run in a folder: at its bundle once it is done, at its state before.

    Whatever is missing, not whole yet or damaged is left out.
    """
    if is_whole(run):
        return Watched(read_events(run / METRICS), Progress(fraction=1.0), _bytes(run / PREVIEW))
    folder = run / RESUME
    events = read_events(folder / METRICS)
    return Watched(events, progress_of(events, _settings(folder)), _bytes(folder / SHEET))


def is_whole(run: Path) -> bool:
    """Whether the folder holds a bundle and no state of a run that is to replace it."""
    return (run / CONFIG).is_file() and not has_state(run)


def has_state(run: Path) -> bool:
    """Whether a run was begun there that can be gone on with."""
    return (run / RESUME / SETTINGS).is_file()


def unfinished(folder: Path) -> tuple[Path, ...]:
    """Runs in a folder of bundles that are going on or were stopped, by name."""
    if not folder.is_dir():
        return ()
    found = sorted(path.parents[1] for path in folder.glob(f"*/{RESUME}/{SETTINGS}"))
    return tuple(path for path in found if not path.name.startswith("."))


def read_events(path: Path) -> tuple[Event, ...]:
    """The whole events of a metrics log; the line being written is left out."""
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:  # not there yet, or not any more
        return ()
    return tuple(event for line in lines if (event := _event(line)) is not None)


def progress_of(events: Sequence[Event], settings: Mapping[str, Any]) -> Progress:
    """How far a run is, by its log.

    Args:
        events: Of its metrics log.
        settings: ``epochs`` and ``batch_size``, as far as they are known.
    """
    training = [event for event in events if event["split"] == "train"]
    epochs = settings.get("epochs")
    if not training:
        return Progress(epochs=epochs)
    speeds = [event["images_per_s"] for event in training[-RECENT:] if "images_per_s" in event]
    speed = sum(speeds) / len(speeds) if speeds else None
    found = Progress(int(events[-1]["epoch"]), epochs, images_per_s=speed)
    if not epochs:
        return found
    step, total = training[-1]["step"], epochs * steps_per_epoch(events)
    seconds = None
    if speed and "batch_size" in settings:
        seconds = max(0.0, total - step) * settings["batch_size"] / speed
    return Progress(found.epoch, epochs, min(1.0, step / total), speed, seconds)


def steps_per_epoch(events: Sequence[Event]) -> float:
    """Exact as soon as an epoch was validated, by the first event before; at least one event."""
    for event in reversed(events):
        if event["split"] == "valid":
            return max(1.0, float(event["step"] / event["epoch"]))
    return float(EVENTS_PER_EPOCH * max(1, events[0]["step"]))


def _event(line: str) -> Event | None:
    try:
        event = json.loads(line)
    except ValueError:
        return None
    if not isinstance(event, dict) or event.get("split") not in ("train", "valid"):
        return None
    numbers = {name: value for name, value in event.items() if _is_number(value)}
    if not {"step", "epoch"} <= numbers.keys() or numbers["epoch"] < 1:
        return None
    return {"split": event["split"], **numbers}


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and math.isfinite(value)


def _settings(folder: Path) -> dict[str, int]:
    """``epochs`` and ``batch_size`` of a run."""
    try:
        found = json.loads((folder / SETTINGS).read_text(encoding="utf-8"))["optimisation"]
        return {name: int(found[name]) for name in ("epochs", "batch_size")}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _bytes(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None
