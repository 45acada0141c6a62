from __future__ import annotations

import hashlib
import os
from pathlib import Path

import numpy as np
import pytest

from explorer.bundle import BundleError
from explorer.bundle.arrays import array_shapes, check_arrays, file_sha256, pack, read_arrays

SHA = "a" * 64


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "maps.safetensors"
    path.write_bytes(pack({"xy": np.arange(6, dtype=np.float32).reshape(3, 2)}, sha256=SHA))
    return path


def test_arrays_come_back(file: Path) -> None:
    arrays = read_arrays(file)
    assert list(arrays) == ["xy"]
    np.testing.assert_array_equal(arrays["xy"], [[0, 1], [2, 3], [4, 5]])


def test_transposed_arrays_come_back_in_their_order(tmp_path: Path) -> None:
    array = np.arange(6, dtype=np.float32).reshape(3, 2).T
    (tmp_path / "f").write_bytes(pack({"a": array}, sha256=SHA))
    np.testing.assert_array_equal(read_arrays(tmp_path / "f")["a"], array)


def test_equal_arrays_give_equal_bytes() -> None:
    arrays = {name: np.zeros(3, np.float32) for name in "abcdefgh"}
    assert len({pack(arrays, sha256=SHA) for _ in range(20)}) == 1


def test_shapes(file: Path) -> None:
    assert array_shapes(file) == {"xy": (3, 2)}


def test_what_fits_passes(file: Path) -> None:
    check_arrays(file, shapes={"xy": (3, 2)}, sha256=SHA)


@pytest.mark.parametrize("size", [0, 4, 60, -1])
def test_a_truncated_file(file: Path, size: int) -> None:
    file.write_bytes(file.read_bytes()[:size])
    for read in (read_arrays, array_shapes):
        with pytest.raises(BundleError, match=r"maps\.safetensors: truncated or damaged \(.*rest"):
            read(file)


def test_a_pickle_is_refused(file: Path) -> None:
    file.write_bytes(b"\x80\x04\x95" + bytes(200))
    with pytest.raises(BundleError, match="truncated or damaged"):
        read_arrays(file)


def test_other_weights(file: Path) -> None:
    with pytest.raises(BundleError, match=r"other weights \(sha256 aaaaaaaaaaaa, the bundle's is"):
        check_arrays(file, shapes={}, sha256="b" * 64)


def test_no_hash_at_all(tmp_path: Path) -> None:
    from safetensors.numpy import save

    (tmp_path / "f").write_bytes(save({"xy": np.zeros(2)}))
    with pytest.raises(BundleError, match=r"other weights \(sha256 absent.*stale or foreign"):
        check_arrays(tmp_path / "f", shapes={}, sha256=SHA)


def test_a_missing_array(file: Path) -> None:
    with pytest.raises(BundleError, match="the array 'mu' is missing; there are xy"):
        check_arrays(file, shapes={"mu": (3, 8)}, sha256=SHA)


def test_another_shape(file: Path) -> None:
    with pytest.raises(BundleError, match=r"'xy' has shape \(3, 2\), .* say \(4, 2\); restore"):
        check_arrays(file, shapes={"xy": (4, 2)}, sha256=SHA)


def test_the_hash_follows_the_file(file: Path) -> None:
    before = file_sha256(file)
    assert before == hashlib.sha256(file.read_bytes()).hexdigest()
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(content)
    os.utime(file, ns=(1, 1))
    assert file_sha256(file) == hashlib.sha256(content).hexdigest() != before


def test_no_file_no_hash(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="gone: cannot be read"):
        file_sha256(tmp_path / "gone")
