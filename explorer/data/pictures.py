"""One picture: from the bytes of any image file to a square uint8 array."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from hashlib import sha256
from io import BytesIO

import numpy as np
from PIL import Image, ImageFile, ImageOps

from explorer.data.dataset import Pixels

FILTER = Image.Resampling.BICUBIC  # widened by Pillow when shrinking, so it is antialiased
ORIENTATION = 0x0112
ROOMY = 3  # a JPEG may be decoded at 1/2, 1/4, 1/8 while it stays this many times too large


@dataclass(frozen=True)
class Frame:
    """How any picture becomes a square one.

    Args:
        size: side of the result in pixels.
        channels: 1 for grey, 3 for RGB.
        crop: side of the centre crop in pixels of a picture `width` wide; None is the largest
            centre square.
        width: the width that `crop` refers to; None means the picture's own pixels.
        shift: how far `moved` may move the crop, in the unit of `crop`.
        offset: how far the crop is from the middle, right and down, in the unit of `crop`.
    """

    size: int
    channels: int
    crop: int | None = None
    width: int | None = None
    shift: int = 0
    offset: tuple[float, float] = (0.0, 0.0)

    def moved(self, name: str) -> Frame:
        """The frame of one picture, moved by up to `shift` either way; its name decides."""
        if not self.shift:
            return self
        digest = sha256(name.encode()).digest()
        right, down = (int.from_bytes(part) / 2**31 - 1 for part in (digest[:4], digest[4:8]))
        return replace(self, offset=(self.shift * right, self.shift * down))

    def box(self, width: float, height: float) -> tuple[float, float, float, float]:
        """Left, top, right, bottom of the centre crop, in pixels, fractions allowed."""
        side = float(min(width, height))
        scale = 1.0 if self.width is None else width / self.width
        if self.crop is not None:
            side = min(side, self.crop * scale)
        left = (width - side) / 2 + self.offset[0] * scale
        top = (height - side) / 2 + self.offset[1] * scale
        return (left, top, left + side, top + side)


@contextmanager
def quiet_decoding() -> Iterator[None]:
    """Decompression bombs become errors and harmless remarks of Pillow are not printed.

    Warning filters belong to the process, so this surrounds a whole batch, not each picture.
    """
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", module=r"PIL\.")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        yield


def decode(blob: bytes, frame: Frame) -> Pixels:
    """The picture in an image file, cropped and resized.

    Orientation from EXIF, palettes, transparency (over white), CMYK and 16 bits are handled.

    Returns:
        uint8 (size, size, channels).

    Raises:
        OSError, ValueError, SyntaxError and others from Pillow for what is not a whole picture.
    """
    with Image.open(BytesIO(blob)) as image:
        shrink = 1.0
        if isinstance(image, ImageFile.ImageFile) and image.format == "JPEG":
            shrink = _draft(image, frame)
        image.load()  # before the EXIF data, which may come last
        turn = image.getexif().get(ORIENTATION, 1)
        picture: Image.Image = ImageOps.exif_transpose(image) if turn != 1 else image
        return _fit(picture, frame, shrink)


def decode_one(blob: bytes, frame: Frame) -> Pixels:
    """Like `decode`, for a single picture outside a batch."""
    with quiet_decoding():
        return decode(blob, frame)


def fit(picture: Image.Image, frame: Frame) -> Pixels:
    """An opened picture, cropped and resized: uint8 (size, size, channels)."""
    return _fit(ImageOps.exif_transpose(picture), frame, 1.0)


def fit_array(pixels: Pixels, frame: Frame) -> Pixels:
    """An array (H, W) or (H, W, C), cropped and resized: uint8 (size, size, channels)."""
    flat = pixels[:, :, 0] if pixels.ndim == 3 and pixels.shape[2] == 1 else pixels
    return _fit(Image.fromarray(flat), frame, 1.0)


def _draft(image: ImageFile.ImageFile, frame: Frame) -> float:
    """Let libjpeg shrink a picture that is much too large; return by how much it did."""
    before = image.size[0]
    left, _, right, _ = frame.box(*image.size)
    room = (right - left) / (frame.size * ROOMY)
    if room >= 2:
        image.draft(image.mode, (int(image.size[0] / room), int(image.size[1] / room)))
    return before / image.size[0]


def _fit(picture: Image.Image, frame: Frame, shrink: float) -> Pixels:
    flat = plain(picture, "L" if frame.channels == 1 else "RGB")
    width, height = flat.size
    box = frame.box(width * shrink, height * shrink)
    inside = (box[0] / shrink, box[1] / shrink, box[2] / shrink, box[3] / shrink)
    size = (frame.size, frame.size)
    if inside != (0.0, 0.0, *map(float, size)) or flat.size != size:
        flat = flat.resize(size, FILTER, box=inside)
    return np.asarray(flat, np.uint8).reshape(frame.size, frame.size, frame.channels)


def plain(picture: Image.Image, mode: str) -> Image.Image:
    """The picture in mode L or RGB."""
    if picture.mode.startswith(("I", "F")):
        picture = _eight_bits(picture)
    if "transparency" in picture.info or picture.mode in ("RGBA", "LA", "PA", "RGBa", "La"):
        picture = picture.convert("RGBA")
        white = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(white, picture)
    return picture if picture.mode == mode else picture.convert(mode)


def _eight_bits(picture: Image.Image) -> Image.Image:
    """Scale a deeper picture instead of clipping it, which is what Pillow's convert does."""
    values = np.asarray(picture).astype(np.float64)
    top = 65535.0
    if picture.mode == "F":
        top = 1.0 if values.max(initial=0) <= 1.0 else 255.0
    return Image.fromarray(np.rint(np.clip(values / top, 0, 1) * 255).astype(np.uint8))
