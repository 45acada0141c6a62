"""A run from its first picture to its bundle, started or resumed."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from explorer import data
from explorer.bundle import RESUME, BundleError
from explorer.bundle.format import CONFIG, FILES, read_config
from explorer.bundle.running import LOCK, require_idle, running
from explorer.bundle.runs import EVENTS_PER_EPOCH
from explorer.bundle.sweeps import INDEX
from explorer.data import Dataset
from explorer.training import state as saved
from explorer.training.distributed import ALONE, Group
from explorer.training.errors import TrainingError
from explorer.training.evaluation import Evaluation, evaluate
from explorer.training.feed import Feed, feed_of
from explorer.training.finish import finish
from explorer.training.machine import Machine, find_machine
from explorer.training.metrics_log import MetricsLog
from explorer.training.progress import picture_bar, say
from explorer.training.settings import RunSettings, from_json, to_json
from explorer.training.sheet import progress_sheet, save_sheet, sheet_rows
from explorer.training.trainer import StepReport, Trainer

SHOWN = {
    "elbo": "elbo {:.1f}",
    "rate": "rate {:.1f}",
    "distortion": "distortion {:.1f}",
    "active_units": "{:.0f} active units",
    "psnr": "{:.2f} dB",
}
MIN_TRAINING = 16
COMPLETE = "complete"


def train(settings: RunSettings, *, overwrite: bool = False, group: Group = ALONE) -> Path:
    """Train from scratch and leave a bundle at ``settings.folder``.

    Args:
        settings: The run.
        overwrite: Replace a bundle or run of that name.
        group: The processes that share the run, see :func:`distributed.joined`.

    Raises:
        ConfigError: A batch cannot be divided equally among the processes.
        TrainingError: The name is taken, the disk refuses, or the loss is not finite.
        DataError: The pictures cannot be used.
        BundleError: Another process trains there, or the folder cannot be written.
    """
    group.require_shares(settings.optimisation.batch_size)
    if group.is_main:
        _claim(settings.folder, overwrite=overwrite)
    machine = find_machine(settings, group=group)
    dataset = _load(settings, group)
    # Only pictures decide the shape: a run is what was asked for, or it does not start.
    _require_fit(settings, dataset)
    with _alone_in(settings.folder, group):
        if group.is_main:
            # Another process may have taken the name while the pictures were loaded.
            _claim_free(settings.folder, overwrite=overwrite)
            _make(settings.folder / RESUME, settings)
        return _Run(settings, dataset, settings.folder / RESUME, machine).complete()


def resume(bundle: Path, *, group: Group = ALONE) -> Path:
    """Go on with a run that was stopped, to the same end as if it never had been.

    Raises:
        ConfigError: A batch cannot be divided equally among the processes of ``group``.
        TrainingError: There is nothing to resume.
        BundleError: Another process trains there.
    """
    bundle = bundle if bundle.name not in ("", "..") else bundle.resolve()
    # Rank 0 may be the only one that sees the folder.
    text = group.from_main(lambda: _stopped_run(bundle).encode()).decode()
    if text == COMPLETE:
        return bundle
    # The folder may have been renamed or moved since.
    settings = replace(from_json(text), out=bundle.parent, name=bundle.name)
    group.require_shares(settings.optimisation.batch_size)
    with _alone_in(bundle, group):
        if group.is_main:
            _require_run(bundle)  # another process may have finished it just now
        machine = find_machine(settings, group=group)
        return _Run(settings, _load(settings, group), bundle / RESUME, machine).complete()


@contextmanager
def _alone_in(bundle: Path, group: Group) -> Iterator[None]:
    """Keeps other runs out of the folder; the processes of a group are one run."""
    if not group.is_main:
        yield
        return
    with running(bundle):
        yield


def _stopped_run(bundle: Path) -> str:
    """The saved settings of a run, or ``COMPLETE``."""
    folder = bundle / RESUME
    if (bundle / CONFIG).exists() and _is_done(bundle):
        if folder.is_dir():  # killed between the last file and the tidying up
            with running(bundle):
                _tidy(folder)
        say(f"{bundle} is complete; there is nothing to resume.")
        return COMPLETE
    _require_run(bundle)
    return (folder / saved.SETTINGS).read_text(encoding="utf-8")


def _require_run(bundle: Path) -> None:
    if (bundle / INDEX).is_file():
        raise TrainingError(
            f"{bundle}: a sweep, not a run; repeat its command, which goes on with all of it "
            f"({INDEX} keeps it)."
        )
    if not (bundle / RESUME / saved.SETTINGS).is_file():
        raise TrainingError(
            f"{bundle}: no run to resume here (no {RESUME}/{saved.SETTINGS}); give the folder of "
            "a run that was stopped, such as checkpoints/NAME."
        )


def _load(settings: RunSettings, group: Group) -> Dataset:
    """The pictures; on each machine one process decodes them for the others."""
    if group.local_rank == 0:
        dataset = data.load(settings.data)
        group.wait()
        return dataset
    group.wait()
    return data.load(settings.data, progress=False)


class _Run:
    def __init__(
        self, settings: RunSettings, dataset: Dataset, folder: Path, machine: Machine
    ) -> None:
        self.settings, self.dataset, self.folder = settings, dataset, folder
        self.machine, self.group = machine, machine.group
        self.feed: Feed = feed_of(dataset, self.machine.device)
        self.trainer = Trainer(settings, dataset, self.feed, self.machine)
        # Fewer pictures than batch_size make a smaller batch.
        self.group.require_shares(self.trainer.batch_size)
        self.log = MetricsLog(folder / saved.METRICS)
        self.shown: dict[str, Any] = {}

    def complete(self) -> Path:
        """Train from the saved state, if any, to the last epoch, write the bundle, tidy up."""
        trainer, epochs = self.trainer, self.settings.optimisation.epochs
        if self.group.is_main:
            self._begin()
        self._agree()
        self._introduce()
        done, total = (n * trainer.images_per_epoch for n in (trainer.epoch, epochs))
        with picture_bar(total, done=done, title=self.settings.name) as bar:
            while trainer.epoch < epochs:
                self._one_epoch(bar)
        finish(self.settings, self.dataset, self.feed, trainer, self.log)
        if self.group.is_main:
            _tidy(self.folder)
        return self.settings.folder

    def _begin(self) -> None:
        trainer = self.trainer
        if saved.has_state(self.folder):
            trainer.restore(saved.load_state(self.folder))
            self.log.rewind(trainer.epoch)
            return
        # Saved before the first epoch, so that even that one can be interrupted.
        saved.save_state(self.folder, trainer.state())

    def _agree(self) -> None:
        """All processes start from rank 0's state, to the last bit."""
        if state := self.group.agree(self.trainer.state):
            self.trainer.restore(state)

    def _introduce(self) -> None:
        settings, trainer = self.settings, self.trainer
        numbers = sum(p.numel() for p in trainer.model.parameters())
        say(
            f"{settings.name}: {len(self.dataset):,} pictures of {settings.data.source}, "
            f"{len(trainer.rows):,} for training; {settings.model.architecture} network with "
            f"{numbers / 1e6:.1f} M parameters, latent_dim {settings.model.latent_dim}, beta "
            f"{settings.objective.beta:g}, seed {settings.seed}; {self.machine.title}, "
            f"{self.machine.precision}."
        )

    def _one_epoch(self, bar: Any) -> None:
        trainer = self.trainer
        every = max(1, trainer.steps_per_epoch // EVENTS_PER_EPOCH)
        reports: list[StepReport] = []
        start = time.perf_counter()

        def report(step: StepReport) -> None:
            nonlocal start
            bar.update(step.num_images)
            reports.append(step)
            if len(reports) == every:
                self._log_training(reports, time.perf_counter() - start, bar)
                reports.clear()
                start = time.perf_counter()

        trainer.run_epoch(report)
        self._log_validation(bar)
        if self.group.is_main:
            self._show_pictures()
            saved.save_state(self.folder, trainer.state())

    def _show_pictures(self) -> None:
        model, rows = self.trainer.averaged.model, sheet_rows(self.dataset)
        save_sheet(self.folder, progress_sheet(model, self.feed, rows))

    def _log_training(self, reports: Sequence[StepReport], seconds: float, bar: Any) -> None:
        num_images = sum(report.num_images for report in reports)
        last = reports[-1]
        event = {name: _weighted(reports, name) for name in ("loss", "rate", "distortion")}
        event |= {"elbo": -event["rate"] - event["distortion"], "beta": last.beta}
        event |= {"lr": last.learning_rate, "images_per_s": num_images / seconds}
        self._write(event, split="train", step=last.step, epoch=self.trainer.epoch + 1)
        self._show(bar, event)

    def _log_validation(self, bar: Any) -> None:
        rows = self.dataset.where(data.VALID)
        if len(rows) == 0:
            return
        trainer = self.trainer
        found: Evaluation = evaluate(
            trainer.averaged.model, trainer.objective, self.feed, rows, machine=self.machine
        )
        figures = found.figures()
        self._write(figures, split="valid", step=trainer.step, epoch=trainer.epoch)
        self._show(bar, figures)

    def _show(self, bar: Any, figures: dict[str, Any]) -> None:
        """The newest figure of each kind; active units and PSNR are those of the last epoch."""
        self.shown |= figures
        known = [(name, text) for name, text in SHOWN.items() if name in self.shown]
        bar.set_postfix_str(", ".join(text.format(self.shown[name]) for name, text in known))

    def _write(self, event: dict[str, Any], *, split: str, step: int, epoch: int) -> None:
        if self.group.is_main:
            self.log.write({"step": step, "epoch": epoch, "split": split, **event})


def _weighted(reports: Sequence[StepReport], name: str) -> float:
    values = [getattr(report, name) for report in reports]
    return float(np.average(values, weights=[report.num_images for report in reports]))


def _claim(folder: Path, *, overwrite: bool) -> None:
    """Refuse a name that is taken, before any work is done; a run going on is never replaced."""
    require_idle(folder)
    _claim_free(folder, overwrite=overwrite)


def _claim_free(folder: Path, *, overwrite: bool) -> None:
    if (folder / CONFIG).exists() and not overwrite:
        raise TrainingError(
            f"{folder}: a bundle of that name is there already; choose another --name, or "
            "replace it with --overwrite."
        )
    if (folder / RESUME / saved.SETTINGS).exists() and not overwrite:
        raise TrainingError(
            f"{folder}: a run of that name was stopped there; go on with it (python train_cli.py "
            f"resume {folder}), choose another --name, or start anew with --overwrite."
        )
    found = {path.name for path in folder.iterdir()} if folder.is_dir() else set()
    if foreign := sorted(found - {*FILES, RESUME}):
        raise TrainingError(
            f"{folder}: holds {foreign[0]}, which is no part of a bundle; choose another --name, "
            "or move it away."
        )


def _is_done(bundle: Path) -> bool:
    """Whether the bundle there is what the run made, and not an older one it will replace."""
    folder = bundle / RESUME
    if not (folder / saved.SETTINGS).is_file():
        return True
    if not saved.has_state(folder):
        return False
    try:
        made = read_config(bundle).training
    except BundleError:
        return False
    state = saved.load_state(folder)
    return bool(state["epoch"] == made.epochs and state["seconds"] == made.wall_s)


def _tidy(folder: Path) -> None:
    """Remove a run's state, but not the lock that is held."""
    # The settings first: without them it is no run, wherever a kill stops the rest.
    (folder / saved.SETTINGS).unlink(missing_ok=True)
    with suppress(OSError):
        for path in folder.iterdir():
            if path.name != LOCK:
                path.unlink()


def _make(folder: Path, settings: RunSettings) -> None:
    try:
        _tidy(folder)
        staging = folder / f"{saved.SETTINGS}.writing"
        staging.write_text(to_json(settings), encoding="utf-8")
        staging.replace(folder / saved.SETTINGS)
    except OSError as error:
        raise TrainingError(
            f"{folder}: cannot be written ({error.strerror or error}); free some space or choose "
            "another --out."
        ) from error


def _require_fit(settings: RunSettings, dataset: Dataset) -> None:
    model = settings.model
    if (model.image_size, model.channels) != (dataset.image_size, dataset.channels):
        raise TrainingError(
            f"the model expects {model.image_size}-pixel pictures with {model.channels} channels, "
            f"the data has {dataset.image_size} and {dataset.channels}; set --image-size and "
            "--channels to match."
        )
    found = len(dataset.where(data.TRAIN))
    if found < MIN_TRAINING:
        raise TrainingError(
            f"only {found} pictures are left for training; {MIN_TRAINING} are needed: add "
            "pictures or raise --limit."
        )
