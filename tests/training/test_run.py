from __future__ import annotations

import errno
import json
import re
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

import explorer
from explorer import BundleError
from explorer.bundle import FILES
from explorer.bundle.running import is_running, running
from explorer.bundle.sweeps import SweepIndex, write_index
from explorer.data import DataSpec
from explorer.training import RunSettings, TrainingError, resume, train
from explorer.training import run as run_module
from explorer.training.trainer import Trainer
from explorer.vae import ModelConfig
from tests.training.runs import make_settings


@pytest.fixture
def settings(tmp_path: Path, quick_umap: None) -> RunSettings:
    return make_settings(tmp_path)


def stop_at(step: int, monkeypatch: pytest.MonkeyPatch, *, error: BaseException) -> None:
    take = Trainer._take_step

    def take_or_stop(self: Trainer, *given: Any) -> Any:
        if self.step == step:
            raise error
        return take(self, *given)

    monkeypatch.setattr(Trainer, "_take_step", take_or_stop)


def stopped(settings: RunSettings, *, step: int = 4, overwrite: bool = False) -> RunSettings:
    """A run that was interrupted, by default in its second epoch."""
    with pytest.MonkeyPatch.context() as patch:
        stop_at(step, patch, error=KeyboardInterrupt())
        with pytest.raises(KeyboardInterrupt):
            train(settings, overwrite=overwrite)
    return settings


def weights(bundle: Path) -> bytes:
    return (bundle / "model.safetensors").read_bytes()


# A whole run, nothing replaced.


def test_a_run_leaves_exactly_the_files_of_a_bundle(trained: Path) -> None:
    assert sorted(path.name for path in trained.iterdir()) == sorted(FILES)
    assert [path.name for path in trained.parent.iterdir()] == [trained.name]


def test_the_bundle_opens_and_decodes(trained: Path) -> None:
    opened = explorer.load(trained)
    assert opened.decode(opened.latents.mu[:3]).shape == (3, 32, 32, 3)
    assert opened.maps["umap"].xy.shape == opened.maps["pca"].xy.shape == (256, 2)
    assert len(opened.sample(5)) == 5


def test_the_configuration_tells_the_run(trained: Path, trained_settings: RunSettings) -> None:
    config = explorer.load(trained).config
    assert config.name == "faces"
    assert config.model == trained_settings.model
    assert config.objective.sigma is not None
    assert 0.01 < config.objective.sigma < 0.5
    assert (config.objective.warmup, config.objective.warmup_epochs) == ("linear", 2)
    assert config.training.epochs == 4
    assert config.training.flip
    assert config.training.images_per_s > 0
    assert config.training.wall_s > 0
    assert config.data.num_images == 256
    sizes = config.data.split_sizes
    assert sizes.train + sizes.valid + sizes.test == 256
    assert min(sizes.valid, sizes.test) > 0
    assert config.versions.torch == torch.__version__
    assert config.git_commit is None or re.fullmatch(r"[0-9a-f]{40}", config.git_commit)


def test_the_results_are_those_of_unseen_pictures(trained: Path) -> None:
    opened = explorer.load(trained)
    results, items = opened.config.results, opened.items
    unseen = items.loc[items["split"] == "test", "error"]
    assert results["mse"] == pytest.approx(unseen.mean(), rel=1e-5)
    assert results["elbo"] == pytest.approx(-results["rate"] - results["distortion"])
    assert 10 < results["psnr"] < 40
    assert {"psnr", "rate", "distortion", "elbo", "active_units", "train_psnr"} <= results.keys()


def test_there_is_a_direction_for_each_attribute_that_allows_one(trained: Path) -> None:
    opened = explorer.load(trained)
    directions = {direction.name: direction for direction in opened.directions}
    items = opened.items[opened.items["split"] == "train"]
    counts = {name: items[name].sum() for name in opened.config.data.attribute_names}
    possible = {name for name, has in counts.items() if 20 <= has <= len(items) - 20}
    assert possible
    assert possible <= directions.keys()
    assert directions[min(possible)].vector.shape == (8,)


def test_the_log_has_training_and_validation_of_each_epoch(trained: Path) -> None:
    events = [json.loads(line) for line in (trained / "metrics.jsonl").read_text().splitlines()]
    for split in ("train", "valid"):
        assert {event["epoch"] for event in events if event["split"] == split} == {1, 2, 3, 4}
    first, last = (
        next(event for event in order if event["split"] == "valid")
        for order in (events, events[::-1])
    )
    assert last["psnr"] > first["psnr"] + 0.5
    training = next(event for event in events if event["split"] == "train")
    assert training.keys() >= {
        "step",
        "epoch",
        "elbo",
        "rate",
        "distortion",
        "loss",
        "beta",
        "lr",
        "images_per_s",
    }
    assert {"elbo", "rate", "distortion", "active_units", "psnr"} <= last.keys()


# Stopped and resumed.


@pytest.mark.parametrize("step", [0, 2, 4, 8])
def test_a_resumed_run_ends_like_an_uninterrupted_one(
    step: int, settings: RunSettings, tmp_path: Path
) -> None:
    whole = train(replace(settings, out=tmp_path / "whole"))
    stopped(settings, step=step)
    assert [path.name for path in settings.folder.iterdir()] == [".resume"]
    resumed = resume(settings.folder)
    assert weights(resumed) == weights(whole)
    one, other = (explorer.load(path) for path in (resumed, whole))
    assert one.config.results == other.config.results
    assert (one.latents.mu == other.latents.mu).all()
    kept = ["step", "epoch", "split", "elbo"]
    assert one.metrics[kept].equals(other.metrics[kept])
    assert not (resumed / ".resume").exists()


def test_a_run_stopped_before_its_first_state_starts_again(settings: RunSettings) -> None:
    stopped(settings, step=0)
    (settings.folder / ".resume" / "state.pt").unlink()
    assert resume(settings.folder) == settings.folder
    assert explorer.load(settings.folder).config.training.epochs == 3


def test_a_stopped_run_may_be_moved_and_renamed(settings: RunSettings, tmp_path: Path) -> None:
    stopped(settings)
    moved = tmp_path / "elsewhere" / "renamed"
    moved.parent.mkdir()
    settings.folder.rename(moved)
    assert resume(moved) == moved
    assert explorer.load(moved).name == "renamed"


def test_a_run_can_be_resumed_from_its_own_folder(
    settings: RunSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    stopped(settings)
    monkeypatch.chdir(settings.folder)
    assert resume(Path()).name == "run"
    assert explorer.load(settings.folder).name == "run"


def test_a_finished_run_is_told_and_left_alone(
    trained: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = weights(trained)
    assert resume(trained) == trained
    assert "is complete; there is nothing to resume" in capsys.readouterr().err
    assert weights(trained) == before


def test_a_kill_before_the_tidying_up_is_tidied_up(
    settings: RunSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_module, "_tidy", lambda folder: None)
    # Making the run's folder tidies too, and there is nothing to tidy then.
    bundle = train(settings)
    monkeypatch.undo()
    before = weights(bundle)
    assert (bundle / ".resume" / "state.pt").exists()
    resume(bundle)
    assert sorted(path.name for path in bundle.iterdir()) == sorted(FILES)
    assert weights(bundle) == before


def test_a_full_disk_while_the_bundle_is_published_leaves_a_run_to_resume(
    settings: RunSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace_path = Path.replace

    def no_room_for_the_config(self: Path, target: Path) -> Path:
        if self.name == "config.json":
            raise OSError(errno.ENOSPC, "No space left on device")
        return replace_path(self, target)

    monkeypatch.setattr(Path, "replace", no_room_for_the_config)
    with pytest.raises(BundleError, match=r"cannot be written \(No space left on device"):
        train(settings)
    monkeypatch.setattr(Path, "replace", replace_path)
    with pytest.raises(BundleError, match="a run in progress or interrupted"):
        explorer.load(settings.folder)
    resume(settings.folder)
    assert sorted(path.name for path in settings.folder.iterdir()) == sorted(FILES)
    assert explorer.load(settings.folder).name == "run"


def test_a_full_disk_after_an_epoch_leaves_a_run_to_resume(
    settings: RunSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = weights(train(replace(settings, name="whole")))
    save, calls = torch.save, []

    def full_at_last(state: Any, file: Any) -> None:
        calls.append(state["epoch"])
        if len(calls) == 3:
            file.write(b"half of it")
            raise OSError(errno.ENOSPC, "No space left on device")
        save(state, file)

    monkeypatch.setattr(torch, "save", full_at_last)
    with pytest.raises(TrainingError, match="the state of the run cannot be written"):
        train(settings)
    monkeypatch.setattr(torch, "save", save)
    assert sorted(path.name for path in (settings.folder / ".resume").iterdir()) == [
        "metrics.jsonl",
        "settings.json",
        "sheet.webp",
        "state.pt",
    ]
    assert weights(resume(settings.folder)) == whole


def test_a_loss_that_is_not_finite_leaves_the_last_good_state(
    settings: RunSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop_at(7, monkeypatch, error=TrainingError("the loss is nan"))
    with pytest.raises(TrainingError, match="the loss is nan"):
        train(settings)
    state = torch.load(settings.folder / ".resume" / "state.pt", weights_only=True)
    assert state["epoch"] == 2
    assert all(torch.isfinite(value).all() for value in state["model"].values())


# Two at once.


BUSY = "another process trains there now; wait for it, or choose another --name"


def test_a_run_that_goes_on_is_neither_resumed_nor_replaced(settings: RunSettings) -> None:
    stopped(settings)
    state = (settings.folder / ".resume" / "state.pt").read_bytes()
    with running(settings.folder):
        with pytest.raises(BundleError, match=BUSY):
            train(settings, overwrite=True)
        with pytest.raises(BundleError, match=BUSY):
            resume(settings.folder)
    assert (settings.folder / ".resume" / "state.pt").read_bytes() == state
    assert resume(settings.folder) == settings.folder


def test_a_sweep_is_not_resumed_as_a_run(tmp_path: Path) -> None:
    write_index(tmp_path, SweepIndex("the command", ()))
    with pytest.raises(TrainingError, match="a sweep, not a run; repeat its command"):
        resume(tmp_path)


def test_a_run_is_seen_while_it_goes_on(
    settings: RunSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[bool] = []
    take = Trainer._take_step

    def look(self: Trainer, *given: Any) -> Any:
        seen.append(is_running(settings.folder))
        return take(self, *given)

    monkeypatch.setattr(Trainer, "_take_step", look)
    train(settings)
    assert seen == [True] * 9
    assert not is_running(settings.folder)


@pytest.mark.parametrize("overwrite", [False, True])
def test_a_name_taken_while_the_pictures_were_loaded(
    overwrite: bool, settings: RunSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    load = run_module.data.load
    taken = running(settings.folder)

    def slowly(*given: Any, **options: Any) -> Any:
        taken.__enter__()
        return load(*given, **options)

    monkeypatch.setattr("explorer.data.load", slowly)
    with pytest.raises(BundleError, match=BUSY):
        train(settings, overwrite=overwrite)
    taken.__exit__(None, None, None)


def test_a_bundle_finished_by_another_while_the_pictures_were_loaded(
    settings: RunSettings, monkeypatch: pytest.MonkeyPatch, trained: Path
) -> None:
    load = run_module.data.load

    def slowly(*given: Any, **options: Any) -> Any:
        shutil.copytree(trained, settings.folder)
        return load(*given, **options)

    monkeypatch.setattr("explorer.data.load", slowly)
    with pytest.raises(TrainingError, match="a bundle of that name is there"):
        train(settings)
    assert weights(settings.folder) == weights(trained)
    assert sorted(path.name for path in settings.folder.iterdir()) == sorted(FILES)


# Replacing.


def test_overwriting_replaces_the_bundle_when_the_new_one_is_whole(
    settings: RunSettings,
) -> None:
    old = weights(train(settings))
    new = stopped(replace(settings, seed=1), overwrite=True)
    assert weights(new.folder) == old  # still there, and whole
    assert explorer.load(new.folder).config.training.seed == 0
    resume(new.folder)
    assert weights(new.folder) != old
    assert explorer.load(new.folder).config.training.seed == 1
    assert sorted(path.name for path in new.folder.iterdir()) == sorted(FILES)


def test_overwriting_in_one_go(settings: RunSettings) -> None:
    train(settings)
    train(replace(settings, seed=1), overwrite=True)
    assert explorer.load(settings.folder).config.training.seed == 1
    assert [path.name for path in settings.out.iterdir()] == ["run"]


def test_overwriting_a_bundle_that_cannot_be_opened(settings: RunSettings) -> None:
    train(settings)
    (settings.folder / "config.json").write_text("{}")
    stopped(settings, overwrite=True)
    resume(settings.folder)
    assert explorer.load(settings.folder).name == "run"


def test_overwriting_starts_a_stopped_run_anew(settings: RunSettings) -> None:
    stopped(settings)
    train(replace(settings, seed=1), overwrite=True)
    assert explorer.load(settings.folder).config.training.seed == 1


# Refused before any work is done.


@pytest.fixture
def _no_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Loading them would be work."""
    monkeypatch.delattr("explorer.data.load")


@pytest.mark.usefixtures("_no_pictures")
def test_the_name_of_a_bundle_is_taken(trained: Path, trained_settings: RunSettings) -> None:
    with pytest.raises(TrainingError, match=r"a bundle of that name is there .* --overwrite"):
        train(trained_settings)


def test_the_name_of_a_stopped_run_is_taken(settings: RunSettings) -> None:
    stopped(settings)
    with pytest.raises(TrainingError) as caught:
        train(settings)
    assert f"python train_cli.py resume {settings.folder}" in str(caught.value)


@pytest.mark.usefixtures("_no_pictures")
def test_a_folder_with_something_else_in_it_is_left_alone(settings: RunSettings) -> None:
    settings.folder.mkdir()
    (settings.folder / "thesis.txt").write_text("all of it")
    with pytest.raises(TrainingError, match=r"holds thesis\.txt, which is no part of a bundle"):
        train(settings, overwrite=True)
    assert [path.name for path in settings.folder.iterdir()] == ["thesis.txt"]


@pytest.mark.usefixtures("_no_pictures")
def test_cuda_that_is_not_there_leaves_nothing_behind(
    settings: RunSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(TrainingError, match="device is cuda"):
        train(replace(settings, device="cuda"))
    assert not settings.folder.exists()


def test_a_place_that_cannot_be_written_is_a_sentence(
    settings: RunSettings, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(BundleError, match=r"cannot be written \(.+\); free some space or"):
        train(replace(settings, out=tmp_path / "file"))
    assert (tmp_path / "file").read_text() == "no folder"


def test_a_full_disk_at_the_start_is_a_sentence(
    settings: RunSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: Path, *_: object, **__: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(TrainingError, match="No space left on device"):
        train(settings)


def test_pictures_of_another_shape_than_the_network_are_a_sentence(
    settings: RunSettings,
) -> None:
    wrong = replace(settings, model=ModelConfig(image_size=32, channels=3, latent_dim=4, width=8))
    with pytest.raises(TrainingError, match="expects 32-pixel pictures with 3 channels, the data"):
        train(wrong)
    assert not settings.folder.exists()


def test_too_few_pictures_are_a_sentence(settings: RunSettings) -> None:
    few = replace(settings, data=DataSpec(source="digits", image_size=28, limit=16))
    with pytest.raises(TrainingError, match=r"only \d+ pictures are left for training; 16 are"):
        train(few)


# Nothing to resume.


def test_a_folder_without_a_run_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="no run to resume here"):
        resume(tmp_path / "nowhere")


def test_a_damaged_state_is_a_sentence(settings: RunSettings) -> None:
    stopped(settings)
    (settings.folder / ".resume" / "state.pt").write_bytes(b"damaged")
    with pytest.raises(TrainingError, match="the saved state is damaged"):
        resume(settings.folder)


def test_the_state_of_other_settings_is_a_sentence(settings: RunSettings) -> None:
    stopped(settings)
    path = settings.folder / ".resume" / "settings.json"
    raw = json.loads(path.read_text())
    raw["model"]["latent_dim"] = 6
    path.write_text(json.dumps(raw))
    with pytest.raises(TrainingError, match="not that of the network in the run's settings"):
        resume(settings.folder)


def test_a_copy_of_a_bundle_without_its_config_is_no_run(trained: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(trained, tmp_path / "copy")
    (copy / "config.json").unlink()
    with pytest.raises(TrainingError, match=r"no \.resume/settings\.json"):
        resume(copy)
