"""Moving pictures for slides and messages: GIF and MP4."""

from __future__ import annotations

import io
from fractions import Fraction

import av
import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import Colorspace
from numpy.typing import NDArray
from PIL import Image

PLAIN = Image.Dither.NONE
Frames = NDArray[np.uint8]
MAX_FPS = 50  # browsers show a GIF of more frames per second at ten
MAX_SIDE = 2_048  # what every phone can play
QUALITY = 18  # x264's constant rate factor: hard to tell from the original
TICKS = 100  # a GIF counts time in hundredths of a second
DITHER = 5.0  # grey levels: no bands where 256 colours meet, and the pattern is not seen
# Bayer (1973), the 4 × 4 threshold matrix, about 0. It does not move from frame to frame, as the
# usual error diffusion does, which flickers and doubles the size.
BAYER = (np.array([[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]]) - 7.5) / 16


def to_gif(frames: Frames, *, fps: float = 20, scale: int = 1, boomerang: bool = False) -> bytes:
    """Frames as an animated GIF that plays for ever.

    Grey frames keep their 256 greys. Colour frames share one palette of 256 colours, so that
    nothing flickers that does not move.

    Args:
        frames: uint8 (T, H, W, C), C = 1 (grey) or 3 (RGB).
        fps: Frames per second, above 0 and up to 50; rounded to hundredths of a second a frame.
        scale: How many times to enlarge, smoothly.
        boomerang: Play there and back again.

    Raises:
        ValueError: No frames, another shape or type, or fps or scale out of range.
    """
    pictures = _prepared(frames, fps=fps, scale=scale, boomerang=boomerang)
    grey = frames.shape[3] == 1
    first, *rest = _greys(pictures) if grey else _palettised(pictures)
    buffer = io.BytesIO()
    duration = 1000 // TICKS * round(TICKS / fps)
    first.save(buffer, "GIF", save_all=True, append_images=rest, duration=duration, loop=0)
    return buffer.getvalue()


def to_mp4(frames: Frames, *, fps: float = 20, scale: int = 1, boomerang: bool = False) -> bytes:
    """Frames as a film, H.264 with 4:2:0 colour: what browsers, phones and slides all play.

    Sides must be even for that; an odd one is made so by repeating its last pixel.

    Args:
        frames: uint8 (T, H, W, C), C = 1 (grey) or 3 (RGB).
        fps: Frames per second, above 0 and up to 50.
        scale: How many times to enlarge, smoothly.
        boomerang: Play there and back again.

    Raises:
        ValueError: No frames, another shape or type, or fps or scale out of range.
    """
    pictures = _even(_prepared(frames, fps=fps, scale=scale, boomerang=boomerang))
    buffer = io.BytesIO()
    with av.open(buffer, "w", format="mp4") as film:
        stream = film.add_stream("libx264", rate=Fraction(fps).limit_denominator(1000))
        stream.height, stream.width = pictures.shape[1:3]
        stream.pix_fmt = "yuv420p"
        stream.options = {"crf": str(QUALITY), "preset": "veryfast"}
        # Said outright: players guess another one for films above 720 lines.
        stream.codec_context.colorspace = Colorspace.ITU709
        for picture in pictures:
            film.mux(stream.encode(_to_yuv(picture)))
        film.mux(stream.encode(None))
    return buffer.getvalue()


def there_and_back(count: int) -> NDArray[np.int64]:
    """Numbers of the frames of a boomerang: each end is shown once in a round."""
    forward = np.arange(count)
    return np.concatenate([forward, forward[-2:0:-1]])


def _prepared(frames: Frames, *, fps: float, scale: int, boomerang: bool) -> Frames:
    """Frames in RGB, enlarged, in the order they are played."""
    _check(frames, fps=fps, scale=scale)
    colour = np.broadcast_to(frames, (*frames.shape[:3], 3))
    height, width = (scale * side for side in frames.shape[1:3])
    large = colour if scale == 1 else np.stack([_enlarge(f, height, width) for f in colour])
    return large[there_and_back(len(large))] if boomerang else large


def _check(frames: Frames, *, fps: float, scale: int) -> None:
    if frames.ndim != 4 or frames.shape[3] not in (1, 3) or not frames.size:
        raise ValueError(
            f"Frames have shape {frames.shape}; give (T, H, W, C) with T at least 1, C 1 or 3."
        )
    if frames.dtype != np.uint8:
        raise ValueError(f"Frames are {frames.dtype}; give uint8, 0 to 255.")
    if not 0 < fps <= MAX_FPS:
        raise ValueError(f"fps is {fps}; choose above 0 and up to {MAX_FPS} frames per second.")
    largest = max(frames.shape[1:3])
    if not 1 <= scale <= MAX_SIDE // largest:
        raise ValueError(
            f"scale is {scale}; choose from 1 to {MAX_SIDE // largest} for frames of {largest} "
            "pixels."
        )


def _enlarge(picture: Frames, height: int, width: int) -> Frames:
    image = Image.fromarray(np.ascontiguousarray(picture))
    return np.asarray(image.resize((width, height), Image.Resampling.BICUBIC))


def _greys(pictures: Frames) -> list[Image.Image]:
    return [Image.fromarray(np.ascontiguousarray(picture[..., 0])) for picture in pictures]


def _palettised(pictures: Frames) -> list[Image.Image]:
    """Images of 256 colours, the same for all, chosen from a sample of the pixels."""
    pixels = pictures.reshape(-1, 3)
    sample = np.ascontiguousarray(pixels[:: max(1, len(pixels) // 2**16)][None])
    palette = Image.fromarray(sample).quantize(256, kmeans=1)
    rows, columns = (np.arange(side) % 4 for side in pictures.shape[1:3])
    offset = (DITHER * BAYER)[np.ix_(rows, columns)][:, :, None]
    dithered = (np.clip(np.rint(picture + offset), 0, 255) for picture in pictures)
    return [
        Image.fromarray(picture.astype(np.uint8)).quantize(palette=palette, dither=PLAIN)
        for picture in dithered
    ]


def _even(pictures: Frames) -> Frames:
    rows, columns = (side % 2 for side in pictures.shape[1:3])
    return np.pad(pictures, ((0, 0), (0, rows), (0, columns), (0, 0)), mode="edge")


def _to_yuv(picture: Frames) -> VideoFrame:
    frame = VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="rgb24")
    return frame.reformat(format="yuv420p", dst_colorspace=Colorspace.ITU709)
