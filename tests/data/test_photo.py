from __future__ import annotations

import struct
import warnings
import zlib
from contextlib import suppress
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from explorer.data import DataError
from explorer.data.photo import LONGEST, MAX_BYTES, read_photo

RED, WHITE = (255, 0, 0), (255, 255, 255)


def blob(picture: Image.Image, kind: str = "PNG", **settings: object) -> bytes:
    stream = BytesIO()
    picture.save(stream, kind, **settings)
    return stream.getvalue()


def noise(width: int = 60, height: int = 40) -> Image.Image:
    rng = np.random.default_rng(0)
    return Image.fromarray(rng.integers(0, 256, (height, width, 3), np.uint8))


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def announced(kind: str, width: int, height: int) -> bytes:
    """A tiny file whose header promises a large picture."""
    if kind == "PNG":
        header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
        return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"")
    whole = blob(noise(), "JPEG", progressive=kind == "progressive")
    marker = b"\xff\xc2" if kind == "progressive" else b"\xff\xc0"
    start = whole.index(marker) + 5
    return whole[:start] + struct.pack(">HH", height, width) + whole[start + 4 :]


def test_a_picture_without_loss_is_itself() -> None:
    picture = noise()
    photo = read_photo(blob(picture))
    assert photo.dtype == np.uint8
    assert np.array_equal(photo, np.asarray(picture))


@pytest.mark.parametrize("kind", ["JPEG", "WEBP", "AVIF", "BMP", "TIFF", "GIF", "PPM", "MPO"])
def test_formats_of_photos_and_drawings_are_read(kind: str) -> None:
    photo = read_photo(blob(Image.new("RGB", (50, 30), RED), kind))
    assert photo.shape == (30, 50, 3)
    assert np.abs(photo[15, 25].astype(int) - RED).max() <= 6


@pytest.mark.parametrize(
    ("picture", "expected"),
    [
        (Image.new("1", (30, 30), 1), WHITE),
        (Image.new("L", (30, 30), 90), (90, 90, 90)),
        (Image.new("RGB", (30, 30), (0, 128, 255)).quantize(4), (0, 128, 255)),
        (Image.new("RGBA", (30, 30), (10, 20, 30, 0)), WHITE),
        (Image.new("RGBA", (30, 30), (0, 0, 0, 128)), (127, 127, 127)),
        (Image.new("LA", (30, 30), (0, 255)), (0, 0, 0)),
        (Image.new("I;16", (30, 30), 257 * 100), (100, 100, 100)),
    ],
    ids=["1", "L", "P", "transparent", "half-transparent", "LA", "16-bit"],
)
@pytest.mark.parametrize("factor", [1, 100], ids=["small", "shrunk"])
def test_every_mode_becomes_rgb(
    picture: Image.Image, expected: tuple[int, ...], factor: int
) -> None:
    photo = read_photo(blob(picture.resize((30 * factor, 30))))
    assert photo.shape == ((30, 30, 3) if factor == 1 else (20, LONGEST, 3))
    assert (photo == expected).all()


def test_cmyk_becomes_rgb() -> None:
    ink = Image.new("CMYK", (30, 30), (0, 255, 255, 0))  # magenta and yellow make red
    red = read_photo(blob(ink, "JPEG", quality=95))[14, 14].astype(int)
    assert red[0] > 200
    assert red[1:].max() < 60


def test_transparent_palette_lies_over_white() -> None:
    picture = Image.new("P", (30, 30), 0)
    picture.putpalette([255, 0, 0, 0, 0, 255])
    assert (read_photo(blob(picture, transparency=0)) == 255).all()
    assert (read_photo(blob(picture.resize((3000, 30)), transparency=0)) == 255).all()


@pytest.mark.parametrize("width", [100, 3000], ids=["small", "shrunk"])
def test_exif_orientation_turns_the_photo(width: int) -> None:
    picture = np.zeros((width * 4 // 5, width, 3), np.uint8)
    picture[: len(picture) // 2] = 255  # bright above
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned a quarter clockwise: bright at the right
    photo = read_photo(blob(Image.fromarray(picture), "JPEG", exif=exif))
    height, turned_width = photo.shape[:2]
    assert height > turned_width
    assert photo[:, : turned_width // 2 - 10].max() < 20
    assert photo[:, turned_width // 2 + 10 :].min() > 235


def test_of_an_animation_the_first_frame() -> None:
    frames = [Image.new("RGB", (30, 30), colour) for colour in (RED, (0, 255, 0), WHITE)]
    for kind in ("GIF", "WEBP", "PNG"):
        moving = blob(frames[0], kind, save_all=True, append_images=frames[1:])
        assert np.abs(read_photo(moving)[15, 15].astype(int) - RED).max() <= 6, kind


def test_a_photo_of_a_hundred_million_pixels_is_shrunk_while_it_is_read() -> None:
    large = blob(Image.new("L", (12_000, 9_000), 77), "JPEG")
    photo = read_photo(large)
    assert photo.shape == (1536, LONGEST, 3)
    assert np.abs(photo.astype(int) - 77).max() <= 1


def test_shrinking_is_antialiased() -> None:
    stripes = np.zeros((100, 4096), np.uint8)
    stripes[:, ::2] = 255
    photo = read_photo(blob(Image.fromarray(stripes)))[:, 10:-10]
    assert photo.min() > 110
    assert photo.max() < 145


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", r"The file is empty \(0 bytes\); choose a picture\."),
        (b"a,b\n1,2\n" * 50, r"not a picture that can be read here; choose a JPEG, PNG"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", r"not a picture that can be read"),
        (blob(noise(), "JPEG")[:500], r"damaged or was cut off on the way"),
        (blob(noise())[:-600], r"damaged or was cut off on the way"),
        (bytes(200_000_000), r"has 200 MB; a photo may have at most 25 MB\."),
        (blob(Image.new("RGB", (1, 1))), r"has 1 × 1 pixels: too small .* at least 16 × 16"),
        (blob(Image.new("L", (16, 3000))), r"has 16 × 3,000 pixels: too narrow to show"),
        (announced("PNG", 12_000, 9_000), r"12,000 × 9,000 .* the format PNG .* most 32 million"),
        (announced("PNG", 60_000, 60_000), r"unfolds to more than 120 million pixels"),
        (announced("JPEG", 12_000, 12_000), r"12,000 × 12,000 .* a photo may .* most 120 million"),
        (announced("progressive", 9_000, 9_000), r"a progressive JPEG may have at most 60 mill"),
    ],
    ids=[
        "empty",
        "text",
        "program",
        "truncated-jpeg",
        "truncated-png",
        "200MB",
        "1x1",
        "narrow",
        "large-png",
        "bomb",
        "large-jpeg",
        "large-progressive",
    ],
)
def test_what_cannot_be_used_is_told_in_a_sentence(data: bytes, sentence: str) -> None:
    with pytest.raises(DataError, match=sentence) as caught:
        read_photo(data)
    assert str(caught.value).endswith(".")


def test_the_limit_of_bytes_itself_is_allowed() -> None:
    picture = blob(noise())
    padded = picture + bytes(MAX_BYTES - len(picture))
    assert read_photo(padded).shape == (40, 60, 3)
    with pytest.raises(DataError, match="at most 25 MB"):
        read_photo(padded + b"\0")


def test_no_damage_raises_anything_else() -> None:
    rng = np.random.default_rng(0)
    for kind in ("JPEG", "PNG", "WEBP", "GIF", "TIFF", "BMP"):
        whole = np.frombuffer(blob(noise(), kind), np.uint8)
        for _ in range(40):
            hurt = whole.copy()
            hurt[rng.integers(0, len(hurt), 12)] = rng.integers(0, 256, 12)
            with suppress(DataError):
                assert read_photo(hurt.tobytes()).shape[2] == 3


def test_warning_filters_stay_as_they_were() -> None:
    before = list(warnings.filters)
    read_photo(blob(noise()))
    assert list(warnings.filters) == before
