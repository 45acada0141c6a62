from __future__ import annotations

import warnings
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from explorer.data.pictures import Frame, decode, decode_one, fit, fit_array, quiet_decoding

RGB = Frame(28, 3)
GREY = Frame(28, 1)


def blob(picture: Image.Image, kind: str = "PNG", **settings: object) -> bytes:
    stream = BytesIO()
    picture.save(stream, kind, **settings)
    return stream.getvalue()


def test_celeba_crop_is_the_usual_one() -> None:
    frame = Frame(64, 3, crop=148, width=178)
    assert frame.box(178, 218) == (15, 35, 163, 183)
    assert frame.box(89, 109) == (7.5, 17.5, 81.5, 91.5)


def test_a_moved_crop_stays_within_its_shift_and_the_picture() -> None:
    frame = Frame(32, 3, crop=118, width=178, shift=30)
    assert frame.box(178, 218) == (30, 50, 148, 168)
    corners = np.array([frame.moved(f"{n:06d}.jpg").box(178, 218)[:2] for n in range(400)])
    assert corners.min(0) == pytest.approx([0, 20], abs=1)
    assert corners.max(0) == pytest.approx([60, 80], abs=1)
    assert corners.mean(0) == pytest.approx([30, 50], abs=3)


def test_a_name_always_moves_to_the_same_place_at_any_scale() -> None:
    frame = Frame(32, 3, crop=118, width=178, shift=30)
    box, again = (frame.moved("000007.jpg").box(178, 218) for _ in range(2))
    assert box == again != frame.box(178, 218)
    assert frame.moved("000007.jpg").box(89, 109) == pytest.approx(np.array(box) / 2)
    assert Frame(32, 3).moved("000007.jpg") == Frame(32, 3)


def test_crop_in_own_pixels_never_exceeds_the_picture() -> None:
    assert Frame(64, 3, crop=100).box(300, 200) == (100, 50, 200, 150)
    assert Frame(64, 3, crop=100).box(60, 200) == (0, 70, 60, 130)
    assert Frame(64, 3).box(300, 200) == (50, 0, 250, 200)


def test_centre_is_kept_and_the_rest_cut_off() -> None:
    picture = np.zeros((40, 100, 3), np.uint8)
    picture[:, :30] = (255, 0, 0)
    picture[:, 30:70] = (0, 255, 0)
    picture[:, 70:] = (0, 0, 255)
    cut = decode(blob(Image.fromarray(picture)), Frame(32, 3))
    # The filter reaches past the edge of the crop, so the outermost pixels are a mixture.
    assert (cut[:, 2:-2] == (0, 255, 0)).all()
    assert (cut[:, :, 1] > 240).all()


def test_shrinking_is_antialiased() -> None:
    stripes = np.zeros((280, 280), np.uint8)
    stripes[:, ::2] = 255
    small = fit_array(stripes, GREY)
    assert small.min() > 110
    assert small.max() < 145


def test_the_right_size_is_not_touched() -> None:
    noise = np.random.default_rng(0).integers(0, 256, (28, 28, 3), np.uint8)
    assert np.array_equal(decode(blob(Image.fromarray(noise)), RGB), noise)
    assert np.array_equal(fit_array(noise[:, :, :1], GREY), noise[:, :, :1])


def test_exif_orientation_is_applied() -> None:
    picture = np.zeros((28, 28, 3), np.uint8)
    picture[:14] = 255  # bright above
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned a quarter clockwise: bright at the right
    turned = decode(blob(Image.fromarray(picture), exif=exif), RGB)
    assert turned[:, 15:].min() == 255
    assert turned[:, :13].max() == 0
    photo = Image.open(BytesIO(blob(Image.fromarray(picture), exif=exif)))
    assert np.array_equal(fit(photo, RGB), turned)


@pytest.mark.parametrize(
    ("picture", "expected"),
    [
        (Image.new("1", (30, 30), 1), (255, 255, 255)),
        (Image.new("L", (30, 30), 90), (90, 90, 90)),
        (Image.new("RGB", (30, 30), (9, 8, 7)), (9, 8, 7)),
        (Image.new("RGB", (30, 30), (0, 128, 255)).quantize(4), (0, 128, 255)),
        (Image.new("RGBA", (30, 30), (10, 20, 30, 0)), (255, 255, 255)),
        (Image.new("RGBA", (30, 30), (0, 0, 0, 128)), (127, 127, 127)),
        (Image.new("LA", (30, 30), (0, 255)), (0, 0, 0)),
        (Image.new("I;16", (30, 30), 65535), (255, 255, 255)),
        (Image.new("I;16", (30, 30), 257 * 100), (100, 100, 100)),
    ],
    ids=["1", "L", "RGB", "P", "transparent", "half-transparent", "LA", "white16", "grey16"],
)
def test_modes_become_colours(picture: Image.Image, expected: tuple[int, ...]) -> None:
    assert (decode(blob(picture), RGB) == expected).all()


def test_palette_with_transparency_lies_over_white() -> None:
    picture = Image.new("P", (30, 30), 0)
    picture.putpalette([255, 0, 0, 0, 0, 255])
    assert (decode_one(blob(picture, transparency=0), RGB) == 255).all()
    as_bytes = blob(picture, transparency=b"\x00\xff")
    assert (decode_one(as_bytes, RGB) == 255).all()


def test_cmyk_jpeg_becomes_rgb() -> None:
    ink = Image.new("CMYK", (30, 30), (0, 255, 255, 0))  # magenta and yellow make red
    red = decode(blob(ink, "JPEG", quality=95), RGB)[14, 14].astype(int)
    assert red[0] > 200
    assert red[1:].max() < 60


def test_deep_pictures_are_scaled_not_clipped() -> None:
    levels = np.linspace(0, 1, 28 * 28, dtype=np.float32).reshape(28, 28)
    decoded = decode(blob(Image.fromarray(levels), "TIFF"), GREY)[:, :, 0]
    assert np.abs(decoded - levels * 255).max() <= 0.5
    wide = Image.fromarray((levels * 65535).astype(np.int32))
    assert np.abs(decode(blob(wide, "TIFF"), GREY)[:, :, 0] - levels * 255).max() <= 1


def test_colour_becomes_grey_by_luminance() -> None:
    green = decode(blob(Image.new("RGB", (30, 30), (0, 255, 0))), GREY)
    assert green.shape == (28, 28, 1)
    assert (green == 150).all()


def test_a_large_photo_is_shrunk_while_it_is_decoded() -> None:
    x = np.linspace(0, 255, 2000)
    photo = np.stack([np.tile(x, (1500, 1)).T[:1500, :1500]] * 3, axis=2).astype(np.uint8)
    photo = np.ascontiguousarray(np.pad(photo, ((0, 0), (250, 250), (0, 0))))
    quick = decode(blob(Image.fromarray(photo), "JPEG", quality=95), RGB).astype(int)
    exact = fit_array(photo, RGB).astype(int)
    assert np.abs(quick - exact).max() <= 6
    assert np.abs(quick - exact).mean() < 1.5


@pytest.mark.parametrize("keep", [0, 3, 200])
def test_what_is_not_whole_raises(keep: int) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (60, 60, 3), np.uint8)
    whole = blob(Image.fromarray(noise), "JPEG")
    with pytest.raises(OSError, match=r"[Tt]runcated|cannot identify"):
        decode(whole[:keep], RGB)


def test_a_decompression_bomb_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 1000)
    with pytest.raises(Image.DecompressionBombWarning):
        decode_one(blob(Image.new("L", (40, 40))), GREY)
    with pytest.raises(Image.DecompressionBombError):
        decode_one(blob(Image.new("L", (80, 80))), GREY)


def test_quiet_decoding_restores_the_filters() -> None:
    before = list(warnings.filters)
    with quiet_decoding():
        assert warnings.filters != before
    assert list(warnings.filters) == before
