from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from PIL import Image

from explorer.data import DataError
from explorer.data.toy_drawing import draw_faces
from explorer.data.toy_factors import draw_factors
from explorer.training import TrainingError, aligner, aligner_views
from explorer.training.aligner import AlignerSettings, EyeNet, export, fit, loss_of, train_aligner
from explorer.training.aligner_views import FACE, NO_FACE, UNSURE, ViewMaker, Views
from explorer.vae import ConfigError

QUICK = AlignerSettings(steps=2, batch_size=8)


@pytest.fixture(autouse=True)
def _few_grounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aligner_views, "NUM_GROUNDS", 12)


@pytest.fixture(scope="module")
def celeba(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twenty cartoon faces in CelebA's layout, the last four held out."""
    root = tmp_path_factory.mktemp("celeba")
    (root / "img_align_celeba").mkdir()
    names = [f"{number:06d}.jpg" for number in range(1, 21)]
    for name, face in zip(names, draw_faces(draw_factors(np.arange(20), seed=0)), strict=True):
        Image.fromarray(face).resize((89, 109)).save(root / "img_align_celeba" / name)
    parts = [f"{name} {0 if row < 16 else 1 + row % 2}" for row, name in enumerate(names)]
    (root / "list_eval_partition.txt").write_text("\n".join(parts) + "\n")
    return root


def faces() -> np.ndarray:
    cartoons = draw_faces(draw_factors(np.arange(20), seed=0), size=128)
    return cartoons.mean(3).astype(np.uint8)


def views_of(face: list[float], *, eyes: float = 0.5, scale: float = 1.0) -> Views:
    count = len(face)
    return Views(
        np.zeros((count, 48, 48, 1), np.uint8),
        np.full((count, 2, 2), eyes, np.float32),
        np.full(count, scale, np.float32),
        np.array(face, np.float32),
    )


def test_the_loss_is_hubers_in_pixels_plus_the_cross_entropy() -> None:
    outputs = torch.full((1, 5), 0.5)
    outputs[0, :4] += 3 / 64  # three pixels off in each coordinate: Huber's 3 - 1/2
    outputs[0, 4] = 0.0  # undecided: ln 2
    loss = loss_of(outputs, views_of([FACE]))
    assert loss.item() == pytest.approx(2.5 + aligner.FACE_WEIGHT * np.log(2), rel=1e-5)
    doubled = loss_of(outputs, views_of([FACE], scale=2.0))  # the view is two crops wide
    assert doubled.item() == pytest.approx(5.5 + aligner.FACE_WEIGHT * np.log(2), rel=1e-5)


def test_no_face_has_no_eyes_and_an_unsure_one_no_verdict() -> None:
    outputs = torch.full((3, 5), 0.5)
    outputs[:, 4] = torch.tensor([20.0, -20.0, -20.0])
    outputs[2, :4] = 9.0  # eyes of what is no face
    assert loss_of(outputs, views_of([FACE, UNSURE, NO_FACE])).item() == pytest.approx(0, abs=1e-6)


def test_training_makes_the_loss_smaller_and_the_same_seed_the_same_network() -> None:
    settings = AlignerSettings(steps=20, batch_size=16)
    counted: list[int] = []
    nets = [fit(ViewMaker(faces(), seed=0), settings, report=counted.append) for _ in range(2)]
    assert sum(counted) == 2 * 20 * 16
    for one, same in zip(nets[0].parameters(), nets[1].parameters(), strict=True):
        assert torch.equal(one, same)
    views = ViewMaker(faces(), seed=1).batch(64)
    inputs = aligner._tensor(views.pixels)
    torch.manual_seed(0)
    untrained = EyeNet().eval()
    assert loss_of(nets[0](inputs), views) < loss_of(untrained(inputs), views)


def test_opencv_computes_what_torch_does(tmp_path: Path) -> None:
    torch.manual_seed(0)
    net = EyeNet().eval()
    path = export(net, tmp_path / "new" / "eyes.onnx")
    assert path.stat().st_size < 1_000_000
    assert b"non-commercial research only" in path.read_bytes()
    assert b'File "' not in path.read_bytes()  # no paths of this machine
    assert [file.name for file in path.parent.iterdir()] == ["eyes.onnx"]
    read = cv2.dnn.readNetFromONNX(str(path))
    for count in (1, 5):
        inputs = np.random.default_rng(0).normal(size=(count, 1, 48, 48)).astype(np.float32)
        read.setInput(inputs)
        with torch.no_grad():
            expected = net(torch.from_numpy(inputs)).numpy()
        assert np.allclose(read.forward(), expected, atol=1e-4)


def test_from_celeba_to_a_file(
    celeba: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = train_aligner(celeba, tmp_path / "eyes.onnx", QUICK)
    assert cv2.dnn.readNetFromONNX(str(path)) is not None
    told = capsys.readouterr().err
    assert "16 training faces, 16 views of them." in told
    assert "Unseen faces, one look: eyes off by" in told


def test_without_celeba_or_a_place_to_write_there_is_a_sentence(
    celeba: Path, tmp_path: Path
) -> None:
    with pytest.raises(DataError, match=r"There is no CelebA at .*nowhere"):
        train_aligner(tmp_path / "nowhere", tmp_path / "eyes.onnx", QUICK)
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(TrainingError, match=r"eyes\.onnx cannot be written .*another --out"):
        export(EyeNet(), tmp_path / "file" / "eyes.onnx")


def test_missing_packages_are_named(
    celeba: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(aligner, "NEEDED", ("onnx", "no_such_package"))
    with pytest.raises(TrainingError, match="run: pip install no_such_package"):
        train_aligner(celeba, tmp_path / "eyes.onnx", QUICK)


@pytest.mark.parametrize("field", ["steps", "batch_size", "threads"])
def test_settings_that_cannot_be_are_refused(field: str) -> None:
    with pytest.raises(ConfigError, match=f"{field} is 0; it must be at least 1"):
        AlignerSettings(**{field: 0})
    with pytest.raises(ConfigError, match="seed is -1; it must be 0 or more"):
        AlignerSettings(seed=-1)
