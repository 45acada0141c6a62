from __future__ import annotations

from pathlib import Path

import numpy as np
import onnxruntime
import pytest

import explorer
from explorer.bundle import FILES, BundleError, export
from explorer.bundle.export import export_hub_folder, export_onnx, hub_card


@pytest.fixture(scope="module")
def onnx_folder(tiny_bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return export_onnx(tiny_bundle, out=tmp_path_factory.mktemp("exports") / "tiny-onnx")


def session(path: Path) -> onnxruntime.InferenceSession:
    return onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])


def signature(path: Path) -> dict[str, tuple[list[object], str]]:
    opened = session(path)
    return {x.name: (x.shape, x.type) for x in [*opened.get_inputs(), *opened.get_outputs()]}


def test_the_onnx_folder_and_its_names(onnx_folder: Path, tiny_bundle: Path) -> None:
    assert sorted(path.name for path in onnx_folder.iterdir()) == [
        "README.md",
        "decoder.onnx",
        "encoder.onnx",
    ]
    assert (onnx_folder / "README.md").read_text() == explorer.load(tiny_bundle).card
    codes, images = (["N", 8], "tensor(float)"), (["N", 32, 32, 3], "tensor(uint8)")
    assert signature(onnx_folder / "encoder.onnx") == {
        "images": images,
        "mu": codes,
        "logvar": codes,
    }
    assert signature(onnx_folder / "decoder.onnx") == {"z": codes, "images": images}


@pytest.mark.parametrize("count", [1, 2, 5])
def test_onnx_encodes_as_the_bundle(onnx_folder: Path, tiny_bundle: Path, count: int) -> None:
    shape = (count, 32, 32, 3)
    images = np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)
    found = session(onnx_folder / "encoder.onnx").run(["mu", "logvar"], {"images": images})
    for there, here in zip(found, explorer.load(tiny_bundle).encode(images), strict=True):
        np.testing.assert_allclose(there, here, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("count", [1, 2, 5])
def test_onnx_decodes_as_the_bundle(onnx_folder: Path, tiny_bundle: Path, count: int) -> None:
    bundle = explorer.load(tiny_bundle)
    z = bundle.sample(count, seed=1)
    (there,) = session(onnx_folder / "decoder.onnx").run(["images"], {"z": z})
    here = bundle.decode(z)
    assert (there.dtype, there.shape) == (here.dtype, here.shape)
    # Sums in another order may round a pixel the other way.
    assert np.abs(there.astype(int) - here).max() <= 1
    assert (there == here).mean() > 0.99


def test_without_onnx(tiny_bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "find_spec", lambda name: None)
    with pytest.raises(BundleError, match=r"needs onnx and onnxscript, .* pip install onnx onnxs"):
        export_onnx(tiny_bundle, out=tmp_path / "x")
    assert not list(tmp_path.iterdir())


def test_the_hub_folder_opens_and_shows_its_preview(tiny_bundle: Path, tmp_path: Path) -> None:
    folder = export_hub_folder(tiny_bundle, out=tmp_path / "new" / "hub")
    assert {path.name for path in folder.iterdir()} == set(FILES)
    z = np.zeros((1, 8))
    np.testing.assert_array_equal(
        explorer.load(folder).decode(z), explorer.load(tiny_bundle).decode(z)
    )
    card = (folder / "README.md").read_text()
    assert card.startswith("---\nlicense: apache-2.0\n")
    assert "\n# tiny\n\n![Reconstructions" in card
    assert "(preview.webp)" in card
    assert f"hf download USER/{tiny_bundle.name} --local-dir checkpoints/" in card


def test_a_hash_in_the_yaml_head_is_no_title() -> None:
    card = "---\nname: x\n---\n\n# Title\n\n## How to open it\n\nText\n# Later\n"
    found = hub_card(card, name="n")
    assert found.count("preview.webp") == 1
    assert found.index("# Title") < found.index("preview.webp") < found.index("## How")


@pytest.mark.parametrize("write", [export_onnx, export_hub_folder])
def test_refusals_leave_nothing(tiny_bundle: Path, tmp_path: Path, write: object) -> None:
    assert callable(write)
    taken = tmp_path / "taken"
    taken.mkdir()
    with pytest.raises(BundleError, match=r"taken: is there already; choose another --out"):
        write(tiny_bundle, out=taken)
    (tmp_path / "file").write_text("")
    with pytest.raises(BundleError, match=r"inside: cannot be written \(.*\); free some space"):
        write(tiny_bundle, out=tmp_path / "file" / "inside")
    with pytest.raises(BundleError, match="no such folder"):
        write(tmp_path / "absent", out=tmp_path / "x")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "taken"]


def test_names_by_default(
    tiny_bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert export_hub_folder(tiny_bundle) == Path("exports") / tiny_bundle.name
    monkeypatch.setattr(export, "_write", lambda *_, **__: None)
    assert export_onnx(tiny_bundle) == Path("exports") / f"{tiny_bundle.name}-onnx"
