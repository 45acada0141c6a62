"""Directions that users make: kept outside of bundles, one file each, shared as files."""

from __future__ import annotations

import json
import os
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256 as sha256_of
from pathlib import Path

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load as load_arrays

from explorer.bundle.arrays import SHA_KEY, pack
from explorer.bundle.atomic import replace_file
from explorer.bundle.bundle import Bundle
from explorer.bundle.errors import BundleError
from explorer.bundle.parts import Edits, directions_arrays, directions_from
from explorer.latent import Direction, LatentError
from explorer.latent.own import checked, clean_name

VARIABLE = "LATENT_EXPLORER_DIRECTIONS"
DEFAULT_FOLDER = Path(__file__).resolve().parents[2] / "checkpoints" / ".directions"
SUFFIX = ".safetensors"
MAX_BYTES = 100_000  # 512 dimensions need 5,000
MAX_TEXT = 400
MAX_FILES = 200  # per bundle: each is a slider
WRONG = (SafetensorError, ValueError, KeyError, TypeError, IndexError, AttributeError)
ARRAYS = {"meta", "0.vector", "0.origin", "0.scores"}


@dataclass(frozen=True)
class OwnDirections:
    """What users have made for a bundle.

    Attributes:
        found: By name.
        problems: A sentence for each file that could not be read.
    """

    found: tuple[Direction, ...]
    problems: tuple[str, ...]


def own_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """Where users' directions are kept: ``LATENT_EXPLORER_DIRECTIONS``, or in ``checkpoints``."""
    given = environ.get(VARIABLE, "")
    return Path(given).expanduser() if given else DEFAULT_FOLDER


def save_own(
    bundle: Bundle, direction: Direction, folder: Path | None = None, *, overwrite: bool = False
) -> Path:
    """Keep a user's direction for a bundle.

    Args:
        bundle: Whose codes it moves.
        direction: By any method; it becomes one of the kind ``own``.
        folder: Of all users' directions; by default :func:`own_folder`.
        overwrite: Replace the one of that name.

    Returns:
        The file.

    Raises:
        BundleError: The name is taken or bad, there are 200 already, or the disk refuses.
    """
    sha256, dim = bundle.config.weights_sha256, bundle.config.model.latent_dim
    try:
        direction = checked(direction, dim=dim)
    except LatentError as error:
        raise BundleError(str(error)) from error
    name = direction.name
    if name in {item.name for item in bundle.directions}:
        raise BundleError(
            f"{name!r} is one of {bundle.name}'s own attributes; choose another name."
        )
    place = _place(bundle, folder)
    path = place / f"{_slug(name)}{SUFFIX}"
    files = _files(place)
    if path in files and not overwrite:
        raise BundleError(f"There is a direction {name!r} already; choose another name.")
    if path not in files and len(files) >= MAX_FILES:
        raise BundleError(f"There are {len(files)} directions already; delete one of them first.")
    try:
        place.mkdir(parents=True, exist_ok=True)
        replace_file(path, pack_own(direction, sha256=sha256), staging=place)
    except OSError as error:
        raise BundleError(
            f"{path}: cannot be written ({error.strerror or error}); download the direction "
            "instead, or set another folder."
        ) from error
    return path


def load_own(bundle: Bundle, folder: Path | None = None) -> OwnDirections:
    """What users have made for a bundle; those of other weights are in other folders."""
    found: list[Direction] = []
    problems: list[str] = []
    for item in _read_all(bundle, folder):
        if isinstance(item, str):
            problems.append(item)
        else:
            found.append(item[1])
    found.sort(key=lambda direction: direction.name.casefold())
    return OwnDirections(tuple(found), tuple(problems))


def delete_own(bundle: Bundle, name: str, folder: Path | None = None) -> None:
    """Delete what a user has made for a bundle.

    Raises:
        BundleError: There is none of that name, or the disk refuses.
    """
    paths = [
        item[0]
        for item in _read_all(bundle, folder)
        if not isinstance(item, str) and item[1].name == name
    ]
    if not paths:
        raise BundleError(
            f"There is no direction {name!r} of your own; it may be deleted already."
        )
    try:
        for path in paths:
            path.unlink(missing_ok=True)
    except OSError as error:
        raise BundleError(f"{name}: cannot be deleted ({error.strerror or error}).") from error


def pack_own(direction: Direction, *, sha256: str) -> bytes:
    """A direction as a file, for keeping and for sharing.

    Args:
        direction: What to pack.
        sha256: Of the weights whose codes it moves.
    """
    return pack(directions_arrays(Edits((replace(direction, kind="own"),))), sha256=sha256)


def unpack_own(blob: bytes, *, dim: int, sha256: str) -> Direction:
    """The direction in a file that anyone may have made.

    Args:
        blob: The file.
        dim: Of the bundle's codes.
        sha256: Of the bundle's weights.

    Raises:
        BundleError: It is no such file, too large, damaged, or of other weights.
    """
    if len(blob) > MAX_BYTES:
        raise BundleError(
            f"The file has {len(blob):,} bytes, a direction at most {MAX_BYTES:,}; choose a file "
            "that was downloaded here."
        )
    try:
        arrays = dict(load_arrays(blob))
        found = _head(blob).get(SHA_KEY)
        if set(arrays) - {"0.normal"} != ARRAYS:
            raise ValueError(f"it holds {', '.join(sorted(arrays)[:6]) or 'nothing'}")
        _require_weights(found, sha256)
        with np.errstate(over="ignore"):  # infinity is refused below
            (direction,) = directions_from(arrays, dim=dim)
        _require_texts(direction)
        return checked(direction, dim=dim)
    except BundleError:
        raise
    # Whatever a stranger's bytes may be; deep JSON exhausts the recursion.
    except (*WRONG, RecursionError) as error:
        raise BundleError(
            f"Not a direction that can be read ({error}); choose a file that was downloaded here."
        ) from error


def _head(blob: bytes) -> dict[str, str]:
    """The metadata of safetensors: 8 bytes of length, then JSON."""
    size = int.from_bytes(blob[:8], "little")
    metadata = json.loads(blob[8 : 8 + size]).get("__metadata__", {})
    return dict(metadata)


def _require_weights(found: str | None, sha256: str) -> None:
    if found != sha256:
        raise BundleError(
            "This direction was made with another model (weights sha256 "
            f"{(found or 'absent')[:12]}, here {sha256[:12]}), so it means nothing here; open it "
            "with that model."
        )


def _require_texts(direction: Direction) -> None:
    texts = [direction.name, direction.made, direction.caution, *direction.locks]
    if any(not isinstance(text, str) or len(text) > MAX_TEXT for text in texts):
        raise ValueError(f"its texts must have at most {MAX_TEXT} characters")
    if any(not re.fullmatch("[a-z_]{1,40}", name) for name in direction.scores):
        raise ValueError("its scores have names that are none")


def _read_all(bundle: Bundle, folder: Path | None) -> Iterator[tuple[Path, Direction] | str]:
    """Each file with its direction, or a sentence on why there is none."""
    dim, sha256 = bundle.config.model.latent_dim, bundle.config.weights_sha256
    for path in _files(_place(bundle, folder)):
        try:
            with path.open("rb") as file:
                blob = file.read(MAX_BYTES + 1)
            yield path, unpack_own(blob, dim=dim, sha256=sha256)
        except OSError as error:
            yield f"{path.name}: cannot be read ({error.strerror})."
        except BundleError as error:
            yield f"{path.name}: {error}"


def _files(place: Path) -> list[Path]:
    """At most so many: a folder that someone filled must not stop the app."""
    try:
        names = sorted(path for path in place.iterdir() if path.suffix == SUFFIX)
    except OSError:  # not there before the first
        return []
    return [path for path in names if not path.name.startswith(".")][:MAX_FILES]


def _place(bundle: Bundle, folder: Path | None) -> Path:
    short = bundle.config.weights_sha256[:12]
    return (folder or own_folder()) / f"{_words(bundle.name) or 'bundle'}-{short}"


def _slug(name: str) -> str:
    """A file name: plain letters for people, and a hash by which two names never meet."""
    short = sha256_of(clean_name(name).encode()).hexdigest()[:8]
    return f"{_words(name) or 'direction'}-{short}"


def _words(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40]
