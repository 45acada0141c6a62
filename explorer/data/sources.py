"""The sources of pictures: what each is, its natural shape and its licence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from explorer.data.dataset import IMAGE_SIZES, DataError, DataSpec

TOY_FACES_COUNT = 20_000
CELEBA_WIDTH, CELEBA_CROP = 178, 148


@dataclass(frozen=True)
class SourceInfo:
    """What help texts and the app say about a source."""

    title: str
    description: str
    image_size: int
    channels: int
    license: str
    folder: str | None  # name under data/, None when nothing is read from disk


SOURCES: Mapping[str, SourceInfo] = {
    "toy-faces": SourceInfo(
        "Toy faces",
        "Cartoon faces drawn from known factors; nothing to download.",
        64,
        3,
        "Procedural, no restriction",
        None,
    ),
    "digits": SourceInfo(
        "Digits",
        "1,797 small handwritten digits that come with scikit-learn; nothing to download.",
        32,
        1,
        "UCI optical recognition of handwritten digits, CC BY 4.0",
        None,
    ),
    "mnist": SourceInfo(
        "MNIST",
        "70,000 handwritten digits.",
        28,
        1,
        "MNIST: CC BY-SA 3.0",
        "mnist",
    ),
    "fashion-mnist": SourceInfo(
        "Fashion-MNIST",
        "70,000 grey pictures of clothes in ten classes.",
        28,
        1,
        "Fashion-MNIST: MIT",
        "fashion-mnist",
    ),
    "cifar10": SourceInfo(
        "CIFAR-10",
        "60,000 small colour photographs in ten classes.",
        32,
        3,
        "CIFAR-10: no licence given, free for research with citation",
        "cifar10",
    ),
    "celeba": SourceInfo(
        "CelebA",
        "Aligned photographs of celebrities' faces with 40 attributes.",
        64,
        3,
        "CelebA: non-commercial research only",
        "celeba",
    ),
    "folder": SourceInfo(
        "Image folder",
        "Any folder or zip of pictures; sub-folders are labels, attributes and factors from CSVs.",
        64,
        3,
        "Unknown: as the pictures' owner says",
        "folder",
    ),
}


def resolve(spec: DataSpec) -> DataSpec:
    """The specification with every default filled in.

    Raises:
        DataError: for an unknown source or a value out of range.
    """
    info = source_info(spec.source)
    size = info.image_size if spec.image_size is None else spec.image_size
    channels = info.channels if spec.channels is None else spec.channels
    if size not in IMAGE_SIZES:
        sizes = ", ".join(map(str, IMAGE_SIZES[:-1])) + f" or {IMAGE_SIZES[-1]}"
        raise DataError(f"image_size is {size}; it must be {sizes}.")
    if channels not in (1, 3):
        raise DataError(f"channels is {channels}; it must be 1 (grey) or 3 (colour).")
    if spec.limit is not None and spec.limit < 1:
        raise DataError(f"limit is {spec.limit}; it must be at least 1, or left out for all.")
    if spec.seed < 0:
        raise DataError(f"seed is {spec.seed}; it must be 0 or more.")
    for name in ("attributes", "factors"):
        if (path := getattr(spec, name)) is not None and spec.source != "folder":
            raise DataError(
                f"{name} is {path}; a CSV of {name} goes with the source folder, not with "
                f"{spec.source}."
            )
    crop = _crop(spec)
    _check_shift(spec, crop)
    return replace(
        spec,
        root=_root(spec, info),
        image_size=size,
        channels=channels,
        crop=crop,
        attributes=spec.attributes and Path(spec.attributes).expanduser(),
        factors=spec.factors and Path(spec.factors).expanduser(),
        limit=TOY_FACES_COUNT if _is_unlimited_toy(spec) else spec.limit,
    )


def source_info(source: str) -> SourceInfo:
    """What is known about a source, or a DataError that lists the sources."""
    if source not in SOURCES:
        raise DataError(f"data source is {source!r}; it must be one of {', '.join(SOURCES)}.")
    return SOURCES[source]


def _is_unlimited_toy(spec: DataSpec) -> bool:
    return spec.source == "toy-faces" and spec.limit is None


def _root(spec: DataSpec, info: SourceInfo) -> Path | None:
    if info.folder is None:
        return None
    return Path("data") / info.folder if spec.root is None else Path(spec.root).expanduser()


def _crop(spec: DataSpec) -> int | None:
    if spec.source not in ("celeba", "folder"):
        return None
    crop = CELEBA_CROP if spec.crop is None and spec.source == "celeba" else spec.crop
    if crop is not None and crop < 1:
        raise DataError(f"crop is {crop}; it must be a side in pixels, at least 1.")
    if spec.source == "celeba" and crop is not None and crop > CELEBA_WIDTH:
        raise DataError(f"crop is {crop}; CelebA pictures are {CELEBA_WIDTH} pixels wide.")
    return crop


def _check_shift(spec: DataSpec, crop: int | None) -> None:
    if not spec.shift:
        return
    if spec.source != "celeba" or crop is None:
        raise DataError(f"shift is {spec.shift}; it goes with celeba, not with {spec.source}.")
    room = (CELEBA_WIDTH - crop) // 2
    if not 0 < spec.shift <= room:
        raise DataError(
            f"shift is {spec.shift}; beside a crop of {crop} there is room for 0 to {room} of "
            f"CelebA's {CELEBA_WIDTH} pixels: choose a smaller shift or a smaller crop."
        )
