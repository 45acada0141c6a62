"""A visitor's photo: from the bytes of an upload to an upright array, or a sentence.

Nothing is written anywhere. What a photo may cost is bounded before it is decoded: the bytes of
the file, then the pixels its header announces.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from threading import Lock

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError
from PIL.JpegImagePlugin import JpegImageFile

from explorer.data.dataset import DataError, Pixels
from explorer.data.pictures import ORIENTATION, plain

MAX_BYTES = 25_000_000
LONGEST, SHORTEST = 2048, 16  # sides of the result in pixels
# Formats of photos and drawings; not EPS or PDF, which are programs.
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF", "PPM")
ROOM = 2.0  # reduced by whole factors while this many times too large

# A sequential JPEG is shrunk while it is decoded: 12,000 x 9,000 takes 0.4 s and 75 MB. A
# progressive one keeps all its coefficients, up to 6 bytes a pixel; others are decoded in full.
MAX_PIXELS = 120_000_000
MAX_PIXELS_PROGRESSIVE = 60_000_000
MAX_PIXELS_IN_FULL = 32_000_000

# Warning filters belong to the process, and so does memory: one photo at a time.
_ONE_AT_A_TIME = Lock()


def read_photo(blob: bytes) -> Pixels:
    """The photo in an image file, upright and at most 2048 pixels long.

    Turned as its EXIF data say; transparency lies over white; of an animation the first frame.

    Args:
        blob: the whole file.

    Returns:
        uint8 (H, W, 3), 16 <= H, W <= 2048.

    Raises:
        DataError: a sentence, when this is no picture, not a whole one, or a too large or too
            small one.
    """
    _check_bytes(blob)
    with _ONE_AT_A_TIME, _quiet():
        try:
            picture = _upright(blob)
        except DataError:
            raise
        except UnidentifiedImageError as error:
            raise DataError(
                "This file is not a picture that can be read here; choose a JPEG, PNG, WebP, "
                "GIF, BMP, TIFF or AVIF file (a HEIC photo: save it as JPEG first)."
            ) from error
        except Image.DecompressionBombError as error:
            raise DataError(
                f"This file unfolds to more than {MAX_PIXELS / 1e6:.0f} million pixels; choose a "
                "smaller picture."
            ) from error
        except Exception as error:  # decoders raise anything on hostile bytes
            raise DataError(
                "This picture is damaged or was cut off on the way; save or send it again."
            ) from error
    return np.asarray(picture, np.uint8)


@contextmanager
def _quiet() -> Iterator[None]:
    """Pillow's remarks are not printed, bombs among them: `_check_pixels` is stricter."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _check_bytes(blob: bytes) -> None:
    if not blob:
        raise DataError("The file is empty (0 bytes); choose a picture.")
    if len(blob) > MAX_BYTES:
        raise DataError(
            f"The file has {len(blob) / 1e6:,.0f} MB; a photo may have at most "
            f"{MAX_BYTES / 1e6:.0f} MB. Save it smaller, for example as JPEG."
        )


def _upright(blob: bytes) -> Image.Image:
    """The picture in mode RGB."""
    Image.init()  # `formats` finds only plugins that are loaded, and most are loaded late
    with Image.open(BytesIO(blob), formats=FORMATS) as image:
        _check_pixels(image)
        if isinstance(image, JpegImageFile):
            scale = min(1.0, LONGEST / max(image.size))
            image.draft(image.mode, (int(image.width * scale), int(image.height * scale)))
        image.load()  # before the EXIF data, which may come last
        turn = image.getexif().get(ORIENTATION, 1)
        picture = plain(_shrunk(image), "RGB")
        if turn == 1:
            return picture
        picture.getexif()[ORIENTATION] = turn
        return ImageOps.exif_transpose(picture)


def _check_pixels(image: Image.Image) -> None:
    """Refuse by the header alone what would take too long, too much memory or shows nothing."""
    size = f"{image.width:,} × {image.height:,} pixels"
    limit, kind = MAX_PIXELS_IN_FULL, f"a picture in the format {image.format}"
    if isinstance(image, JpegImageFile):
        is_progressive = "progressive" in image.info
        limit = MAX_PIXELS_PROGRESSIVE if is_progressive else MAX_PIXELS
        kind = "a progressive JPEG" if is_progressive else "a photo"
    if image.width * image.height > limit:
        raise DataError(
            f"The picture has {size}; {kind} may have at most {limit / 1e6:.0f} million. Save it "
            "smaller, for example as an ordinary JPEG."
        )
    scale = min(1.0, LONGEST / max(image.size))
    if min(image.size) * scale < SHORTEST:
        what = "small" if max(image.size) <= LONGEST else "narrow"
        raise DataError(
            f"The picture has {size}: too {what} to show anything. Choose one of at least "
            f"{SHORTEST} × {SHORTEST} pixels."
        )


def _shrunk(image: Image.Image) -> Image.Image:
    """At most LONGEST pixels long, before conversions that would copy all pixels."""
    if max(image.size) <= LONGEST:
        return image
    if image.mode in ("1", "P", "PA"):  # indices into a palette cannot be averaged
        image = image.convert("RGBA" if image.mode != "1" else "L")
    scale = LONGEST / max(image.size)
    size = (round(image.width * scale), round(image.height * scale))
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=ROOM)
