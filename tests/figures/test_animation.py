from __future__ import annotations

import io
from collections.abc import Callable

import av
import numpy as np
import pytest
from PIL import Image

from explorer.figures.animation import there_and_back, to_gif, to_mp4


def moving_blob(count: int, side: int = 32, channels: int = 3) -> np.ndarray:
    """A soft spot that wanders over a slope of colour, (count, side, side, channels)."""
    y, x = np.mgrid[:side, :side] / side
    spots = [np.exp(-20 * ((x - t) ** 2 + (y - 0.5) ** 2)) for t in np.linspace(0, 1, count)]
    colours = np.array([0.9, 0.5, 0.3])[:channels]
    frames = np.stack([200 * spot[..., None] * colours + 50 * y[..., None] for spot in spots])
    return frames.astype(np.uint8)


def read_gif(blob: bytes) -> tuple[np.ndarray, list[int]]:
    """Frames as RGB and how long each is shown, in milliseconds."""
    image = Image.open(io.BytesIO(blob))
    frames, durations = [], []
    for number in range(image.n_frames):  # type: ignore[attr-defined]
        image.seek(number)
        frames.append(np.asarray(image.convert("RGB")))
        durations.append(image.info["duration"])
    return np.stack(frames), durations


def read_mp4(blob: bytes) -> np.ndarray:
    with av.open(io.BytesIO(blob)) as film:
        return np.stack([frame.to_ndarray(format="rgb24") for frame in film.decode(video=0)])


def enlarged(frames: np.ndarray, scale: int) -> np.ndarray:
    size = (frames.shape[2] * scale, frames.shape[1] * scale)
    return np.stack(
        [np.asarray(Image.fromarray(f).resize(size, Image.Resampling.BICUBIC)) for f in frames]
    )


def error(found: np.ndarray, wanted: np.ndarray) -> float:
    assert found.shape == wanted.shape
    return float(np.abs(found.astype(int) - wanted).mean())


def test_a_gif_shows_the_frames_again() -> None:
    frames = moving_blob(9)
    found, durations = read_gif(to_gif(frames, fps=20, scale=3))
    assert error(found, enlarged(frames, 3)) < 3
    assert error(found, enlarged(frames[::-1], 3)) > 10  # in order
    assert durations == [50] * 9
    assert Image.open(io.BytesIO(to_gif(frames))).info["loop"] == 0


def test_a_grey_gif_is_exact() -> None:
    frames = moving_blob(5, channels=1)
    found, _ = read_gif(to_gif(frames))
    np.testing.assert_array_equal(found, np.broadcast_to(frames, found.shape))


def test_what_does_not_move_does_not_flicker() -> None:
    frames = moving_blob(6)
    frames[:, :, :8] = frames[:1, :, :8]
    found, _ = read_gif(to_gif(frames))
    still = found[:, :, :8]
    np.testing.assert_array_equal(still, np.broadcast_to(still[:1], still.shape))


def test_a_film_shows_the_frames_again() -> None:
    frames = moving_blob(12)
    found = read_mp4(to_mp4(frames, fps=24, scale=4))
    assert error(found, enlarged(frames, 4)) < 3
    assert error(found, enlarged(frames[::-1], 4)) > 10


def test_colours_survive_the_film() -> None:
    """Pure colours would turn with the wrong matrix: red into orange."""
    colours = np.array([[220, 30, 30], [30, 200, 40], [40, 50, 210], [230, 230, 230]], np.uint8)
    frames = np.tile(colours[:, None, None], (1, 64, 64, 1))
    with av.open(io.BytesIO(to_mp4(frames))) as film:
        found = np.stack(
            [
                frame.reformat(format="rgb24", src_colorspace="ITU709").to_ndarray()
                for frame in film.decode(video=0)
            ]
        )
    np.testing.assert_allclose(found.mean(axis=(1, 2)), colours, atol=5)


def test_a_film_is_what_browsers_play() -> None:
    with av.open(io.BytesIO(to_mp4(moving_blob(10), fps=12.5))) as film:
        stream = film.streams.video[0]
        assert stream.codec_context.name == "h264"
        assert stream.codec_context.pix_fmt == "yuv420p"
        assert stream.average_rate == 12.5
        assert "mp4" in film.format.name
        assert stream.frames == 10
        assert float(stream.duration * stream.time_base) == pytest.approx(0.8)


def test_odd_sides_are_made_even_by_repeating_the_edge() -> None:
    frames = moving_blob(3, side=29, channels=1)
    found = read_mp4(to_mp4(frames))
    assert found.shape == (3, 30, 30, 3)
    assert error(found[:, :29, :29], np.broadcast_to(frames, (3, 29, 29, 3))) < 3
    assert error(found[:, 29:, :29], found[:, 28:29, :29]) < 4


def test_there_and_back_shows_each_end_once() -> None:
    assert there_and_back(4).tolist() == [0, 1, 2, 3, 2, 1]
    assert there_and_back(2).tolist() == [0, 1]
    assert there_and_back(1).tolist() == [0]
    frames = moving_blob(4)
    order = [0, 1, 2, 3, 2, 1]
    assert error(read_gif(to_gif(frames, boomerang=True))[0], frames[order]) < 3
    assert error(read_mp4(to_mp4(frames, boomerang=True)), frames[order]) < 4


@pytest.mark.parametrize("encode", [to_gif, to_mp4])
def test_one_frame_and_equal_frames_are_films_too(encode: Callable[..., bytes]) -> None:
    """A path between two equal pictures stands still."""
    read = read_mp4 if encode is to_mp4 else lambda blob: read_gif(blob)[0]
    still = np.repeat(moving_blob(1), 5, axis=0)
    assert error(read(encode(still[:1], boomerang=True)), still[:1]) < 4
    found = read(encode(still))
    assert error(found[:1], still[:1]) < 4  # a GIF joins equal frames to a longer one


def test_equal_frames_of_a_gif_take_their_time() -> None:
    _, durations = read_gif(to_gif(np.repeat(moving_blob(1), 5, axis=0), fps=10))
    assert sum(durations) == 500


@pytest.mark.parametrize("encode", [to_gif, to_mp4])
def test_what_is_no_film_is_refused(encode: Callable[..., bytes]) -> None:
    frames = moving_blob(2)
    with pytest.raises(ValueError, match=r"shape \(32, 32, 3\); give \(T, H, W, C\)"):
        encode(frames[0])
    with pytest.raises(ValueError, match="T at least 1"):
        encode(frames[:0])
    with pytest.raises(ValueError, match="float64; give uint8"):
        encode(frames / 255)
    for fps in (0, 51, float("nan")):
        with pytest.raises(ValueError, match=f"fps is {fps}; choose above 0 and up to 50"):
            encode(frames, fps=fps)
    for scale in (0, 65):
        with pytest.raises(ValueError, match=f"scale is {scale}; choose from 1 to 64 for frames"):
            encode(frames, scale=scale)
