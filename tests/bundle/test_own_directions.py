from __future__ import annotations

import errno
import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import save

import explorer
from explorer.bundle import Bundle, BundleError
from explorer.bundle.arrays import Arrays, pack
from explorer.bundle.own_directions import (
    MAX_BYTES,
    MAX_FILES,
    delete_own,
    load_own,
    own_folder,
    pack_own,
    save_own,
    unpack_own,
)
from explorer.bundle.parts import Edits, directions_arrays
from explorer.latent import Direction, conditional
from explorer.latent.own import from_groups
from tests.bundles import make_bundle

SHA, DIM = "a" * 64, 8


@pytest.fixture(scope="module")
def bundle(tiny_bundle: Path) -> Bundle:
    return explorer.load(tiny_bundle)


def make_own(name: str = "Sunny", *, seed: int = 0) -> Direction:
    codes = np.random.default_rng(seed).normal(size=(60, DIM))
    return from_groups(codes[:30], codes[30:], name=name)


def arrays_of(direction: Direction) -> Arrays:
    return directions_arrays(Edits((direction,)))


# Keeping.


def test_what_is_saved_is_loaded(bundle: Bundle, tmp_path: Path) -> None:
    direction = make_own("Lächeln & co.")
    path = save_own(bundle, direction, tmp_path)
    short = bundle.config.weights_sha256[:12]
    assert path.parent == tmp_path / f"tiny-{short}"
    assert path.name.startswith("lacheln-co-")
    assert [item.name for item in path.parent.iterdir()] == [path.name]
    found = load_own(bundle, tmp_path)
    assert found.problems == ()
    (same,) = found.found
    np.testing.assert_array_equal(same.vector, direction.vector)
    assert (same.name, same.kind, same.made) == (direction.name, "own", direction.made)
    assert same.scores == direction.scores
    np.testing.assert_allclose(same.position(np.eye(DIM)), direction.position(np.eye(DIM)), 1e-5)


def test_a_direction_with_locks_is_kept_with_them(bundle: Bundle, tmp_path: Path) -> None:
    locked = conditional(make_own(), [bundle.direction("Smiling", method="logistic")])
    save_own(bundle, locked, tmp_path)
    (same,) = load_own(bundle, tmp_path).found
    assert same.locks == ("Smiling",)
    np.testing.assert_allclose(same.reader, locked.reader, 1e-5)


def test_they_come_by_name_and_go_by_name(bundle: Bundle, tmp_path: Path) -> None:
    for name in ("beta", "Alpha", "gamma"):
        save_own(bundle, make_own(name), tmp_path)
    assert [item.name for item in load_own(bundle, tmp_path).found] == ["Alpha", "beta", "gamma"]
    delete_own(bundle, "beta", tmp_path)
    assert [item.name for item in load_own(bundle, tmp_path).found] == ["Alpha", "gamma"]
    with pytest.raises(BundleError, match="no direction 'beta' of your own; it may be deleted"):
        delete_own(bundle, "beta", tmp_path)


def test_nothing_has_been_made_yet(bundle: Bundle, tmp_path: Path) -> None:
    found = load_own(bundle, tmp_path / "nowhere")
    assert (found.found, found.problems) == ((), ())


def test_names_that_look_alike_do_not_meet(bundle: Bundle, tmp_path: Path) -> None:
    names = {"a b", "a-b", "A B", "ä b", "微笑", "笑顔", "../../a b", "con", "/etc/passwd"}
    paths = {save_own(bundle, make_own(name), tmp_path) for name in names}
    assert len(paths) == len(names)
    assert {path.parent for path in paths} == {next(iter(paths)).parent}
    assert {item.name for item in load_own(bundle, tmp_path).found} == names


def test_a_name_that_is_taken(bundle: Bundle, tmp_path: Path) -> None:
    save_own(bundle, make_own(), tmp_path)
    with pytest.raises(BundleError, match="There is a direction 'Sunny' already; choose another"):
        save_own(bundle, make_own(seed=1), tmp_path)
    save_own(bundle, make_own(seed=1), tmp_path, overwrite=True)
    (found,) = load_own(bundle, tmp_path).found
    np.testing.assert_array_equal(found.vector, make_own(seed=1).vector)
    with pytest.raises(BundleError, match="'Smiling' is one of tiny's own attributes; choose"):
        save_own(bundle, make_own("Smiling"), tmp_path)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"vector": np.ones(7, "f4")}, "Sunny: the vector must be 8 finite numbers"),
        ({"name": " "}, "The direction has no name"),
    ],
)
def test_what_could_not_be_read_is_not_written(
    bundle: Bundle, tmp_path: Path, changes: dict[str, Any], message: str
) -> None:
    with pytest.raises(BundleError, match=message):
        save_own(bundle, replace(make_own(), **changes), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_another_bundle_has_others(bundle: Bundle, tmp_path: Path) -> None:
    other = explorer.load(make_bundle(tmp_path / "other", seed=1))
    save_own(bundle, make_own(), tmp_path / "own")
    assert load_own(other, tmp_path / "own").found == ()


def test_a_full_disk_leaves_nothing(
    bundle: Bundle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(BundleError, match=r"cannot be written \(No space left on device\); downl"):
        save_own(bundle, make_own(), tmp_path)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_there_may_be_so_many_and_no_more(bundle: Bundle, tmp_path: Path) -> None:
    path = save_own(bundle, make_own("0"), tmp_path)
    for number in range(1, MAX_FILES):
        (path.parent / f"copy-{number}.safetensors").write_bytes(path.read_bytes())
    with pytest.raises(BundleError, match="There are 200 directions already; delete one of them"):
        save_own(bundle, make_own(), tmp_path)


def test_files_that_cannot_be_read_are_told_of(bundle: Bundle, tmp_path: Path) -> None:
    path = save_own(bundle, make_own(), tmp_path)
    (path.parent / "broken.safetensors").write_bytes(path.read_bytes()[:-9])
    (path.parent / "foreign.safetensors").write_bytes(pack_own(make_own(), sha256=SHA))
    (path.parent / ".sunny.safetensors.writing-00").write_bytes(b"left by a killed process")
    (path.parent / "notes.txt").write_text("mine")
    found = load_own(bundle, tmp_path)
    assert [item.name for item in found.found] == ["Sunny"]
    broken, foreign = found.problems
    assert broken.startswith("broken.safetensors: Not a direction that can be read")
    assert foreign.startswith("foreign.safetensors: This direction was made with another model")


def test_the_folder_may_be_set(tmp_path: Path) -> None:
    assert own_folder({}).parts[-2:] == ("checkpoints", ".directions")
    assert own_folder({"LATENT_EXPLORER_DIRECTIONS": str(tmp_path)}) == tmp_path


# Sharing.


def test_a_file_brings_a_direction_back() -> None:
    direction = make_own()
    same = unpack_own(pack_own(direction, sha256=SHA), dim=DIM, sha256=SHA)
    np.testing.assert_array_equal(same.vector, direction.vector)
    assert (same.name, same.made, same.caution) == (
        direction.name,
        direction.made,
        direction.caution,
    )


def test_a_direction_of_the_bundle_can_be_shared_too(bundle: Bundle) -> None:
    smiling = bundle.direction("Smiling", method="conditional")
    same = unpack_own(pack_own(smiling, sha256=SHA), dim=DIM, sha256=SHA)
    assert (same.name, same.kind, same.method) == ("Smiling", "own", "conditional")


def test_a_direction_of_another_model_is_refused() -> None:
    blob = pack_own(make_own(), sha256="b" * 64)
    with pytest.raises(
        BundleError, match=r"another model \(weights sha256 bbbbbbbbbbbb, here aaa"
    ):
        unpack_own(blob, dim=DIM, sha256=SHA)
    blob = save(arrays_of(make_own()))
    with pytest.raises(BundleError, match=r"weights sha256 absent, here"):
        unpack_own(blob, dim=DIM, sha256=SHA)


def changed(**changes: Any) -> Callable[[], bytes]:
    """A file with other arrays than those of a direction; None takes one away."""

    def made() -> bytes:
        arrays = arrays_of(make_own()) | changes.pop("more", {})
        arrays |= {name.replace("_", "."): value for name, value in changes.items()}
        kept = {name: value for name, value in arrays.items() if value is not None}
        return pack(kept, sha256=SHA)

    return made


def with_meta(value: Any) -> Callable[[], bytes]:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return changed(meta=np.frombuffer(raw, np.uint8))


META = {"name": "x", "method": "mean", "kind": "own", "scores": "num_with,num_without"}


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: b"", "Not a direction that can be read"),
        (lambda: b"not a file of ours at all", "Not a direction that can be read"),
        (lambda: b"\xff" * 64, "Not a direction that can be read"),
        (lambda: bytes(MAX_BYTES + 1), r"The file has 100,001 bytes, a direction at most 100,000"),
        (changed(more={"model.weight": np.ones(3)}), r"\(it holds 0.origin, 0.scores"),
        (changed(**{"0_vector": None}), r"\(it holds 0.origin, 0.scores, meta"),
        (changed(**{"0_vector": np.ones(9, "f4")}), r"'Sunny' has shape \(9,\)"),
        (changed(**{"0_vector": np.full(8, np.nan, "f4")}), "must be 8 finite numbers"),
        (changed(**{"0_vector": np.full(8, 1e300)}), "must be 8 finite numbers"),
        (changed(**{"0_vector": np.zeros(8, "f4")}), "nothing can be moved so"),
        (changed(**{"0_origin": np.zeros(0)}), "Not a direction that can be read"),
        (changed(**{"0_scores": np.zeros(5)}), "Not a direction that can be read"),
        (with_meta(b"[" * 90_000), "Not a direction that can be read"),
        (with_meta(b"\xff\xfe"), "Not a direction that can be read"),
        (with_meta([]), "Not a direction that can be read"),
        (with_meta([META, META]), "Not a direction that can be read"),
        (with_meta([None]), "Not a direction that can be read"),
        (with_meta([META | {"name": 3}]), "Not a direction that can be read"),
        (with_meta([META | {"name": "x" * 61}]), "The name has 61 characters"),
        (with_meta([META | {"made": "x" * 500}]), "texts must have at most 400 characters"),
        (with_meta([META | {"caution": {"a": 1}}]), "texts must have at most 400 characters"),
        (with_meta([META | {"locks": [1]}]), "texts must have at most 400 characters"),
        (with_meta([META | {"locks": 7}]), "Not a direction that can be read"),
        (with_meta([META | {"method": "guess"}]), "method is 'guess', which is not known"),
        (with_meta([META | {"kind": "evil"}]), "kind is 'evil'; it must be one of"),
        (with_meta([META | {"scores": "<b>,auc"}]), "its scores have names that are none"),
    ],
)
def test_files_that_are_no_direction(make: Callable[[], bytes], message: str) -> None:
    with pytest.raises(BundleError, match=message):
        unpack_own(make(), dim=DIM, sha256=SHA)
