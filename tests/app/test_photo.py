from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from streamlit.runtime.caching import clear_session_resource_cache
from streamlit.testing.v1 import AppTest

from explorer.ui.folders import VARIABLE
from explorer.ui.photo import subjects
from tests import photos
from tests.app.pieces import tell
from tests.bundles import make_bundle

OpenPage = Callable[..., AppTest]
PHOTO = "pages/explore/photo.py"
NAME = "private-holiday.jpg"


@pytest.fixture(scope="session")
def kinds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One bundle for each kind of picture; the weights are random, the faces are not needed."""
    folder = tmp_path_factory.mktemp("kinds")
    make_bundle(folder / "people", name="people", source="celeba", image_size=64, crop=148)
    make_bundle(folder / "cartoons", name="cartoons")
    make_bundle(
        folder / "digits",
        name="digits",
        source="mnist",
        title="MNIST",
        image_size=28,
        channels=1,
        latent_dim=2,
        attribute_names=(),
        factor_names=(),
        label_names=tuple("0123456789"),
    )
    make_bundle(folder / "flowers", name="flowers", source="folder", title="Image folder")
    return folder


@pytest.fixture
def visit(open_page: OpenPage, kinds: Path, monkeypatch: pytest.MonkeyPatch) -> OpenPage:
    monkeypatch.setenv(VARIABLE, str(kinds))
    return lambda model="people": open_page(PHOTO, model=model)


def give(app: AppTest, blob: bytes, *, name: str = NAME) -> AppTest:
    app.file_uploader[0].set_value((name, blob, "image/jpeg")).run()
    return app


def pieces(app: AppTest) -> dict[str, Any]:
    """What each mounted piece was sent, by its name."""
    return {
        element.proto.component_name.removeprefix("latent_"): json.loads(element.proto.json)
        for element in app.get("bidi_component")
    }


def about(app: AppTest) -> dict[str, object]:
    found = pieces(app)["cropper"]
    return {"bundle": found["bundle"], "photo": found["photo"]}


def said(app: AppTest) -> str:
    return " ".join(item.value for item in (*app.markdown, *app.caption))


def kept(app: AppTest) -> list[Any]:
    return [face for faces in app.session_state["explorer"].kept.values() for face in faces]


# ---- the page as it opens -----------------------------------------------------------------------


@pytest.mark.parametrize("model", ["people", "cartoons", "flowers"])
def test_the_empty_page_invites(visit: OpenPage, model: str) -> None:
    app = visit(model)
    assert not app.exception
    assert app.title[0].value == "Photo"
    assert len(app.file_uploader) == 1
    assert "1 · Your picture" in said(app)
    assert "never written to a disk, a link or a log" in said(app)
    assert [button.label for button in app.button] == ["Try it with a picture of the data"]
    assert not pieces(app)


def test_an_example_can_be_tried_without_a_photo(visit: OpenPage) -> None:
    app = visit("cartoons")
    app.button[0].click().run()
    assert not app.exception
    assert set(pieces(app)) == {"cropper", "likeness", "locator", "strip"}
    # Toy faces are drawn again, so this is the original.
    assert pieces(app)["cropper"]["caption"].startswith("A picture of the data, and the square")


def test_the_advice_fits_the_model(visit: OpenPage) -> None:
    assert "A face from the front" in said(visit("people"))
    assert "A photo will be far from anything it has seen" in said(visit("cartoons"))
    assert "Image folder" in said(visit("flowers"))


# ---- a face -------------------------------------------------------------------------------------


@pytest.fixture
def one(visit: OpenPage) -> AppTest:
    return give(visit(), photos.to_bytes(photos.one_face()))


def test_a_face_is_found_cut_and_drawn(one: AppTest) -> None:
    assert not one.exception
    found = pieces(one)
    assert set(found) == {"cropper", "likeness", "locator", "strip"}
    (face,) = found["cropper"]["faces"]
    (left, level), (right, _) = face["eyes"]
    assert 290 < left < right < 610
    assert 180 < level < 500
    assert found["likeness"]["crop"]["width"] == found["likeness"]["reconstruction"]["width"] == 64
    assert found["likeness"]["placement"] == face["placement"]
    assert len(found["strip"]["items"]) == 8
    assert "How unusual it is" in said(one)
    assert not one.warning


def test_what_the_model_is_shown_is_the_training_crop(one: AppTest) -> None:
    """The photo's face was a training crop, pasted at (290, 180) with a side of 320."""
    placement = pieces(one)["likeness"]["placement"]
    # The finder's own accuracy is measured elsewhere.
    assert placement["x"] == pytest.approx(450, abs=40)
    assert placement["y"] == pytest.approx(340, abs=40)
    assert placement["side"] == pytest.approx(320, rel=0.25)


def test_the_photo_is_at_hand_on_other_pages_and_private(one: AppTest) -> None:
    (face,) = kept(one)
    assert face.title == "Your photo"
    assert face.link == ""
    assert face.original.shape == (64, 64, 3)
    one.button[[button.label for button in one.button].index("Edit this face")].click().run()
    assert not one.exception
    assert one.title[0].value == "Attributes"
    assert one.session_state["explorer"].slots
    assert set(one.query_params) == {"model"}


@pytest.mark.parametrize(
    ("label", "title"),
    [("Interpolate", "Interpolate"), ("Traverse", "Traverse"), ("Map", "people")],
)
def test_the_photo_can_be_taken_to_other_pages(one: AppTest, label: str, title: str) -> None:
    one.button[[button.label for button in one.button].index(label)].click().run()
    assert not one.exception
    assert one.title[0].value == title
    slot = "from" if label == "Interpolate" else "face"
    held = {name for _, name in one.session_state["explorer"].slots}
    assert slot in held


def test_a_neighbour_can_be_looked_at_on_the_map(one: AppTest) -> None:
    index = pieces(one)["strip"]["items"][2]["index"]
    tell(one, "locator", pick={"bundle": about(one)["bundle"], "index": index})
    assert not one.exception
    assert one.title[0].value == "people"
    assert pieces(one)["face"]["title"] == f"toy-{index:06d}"


def test_the_first_of_several_faces_is_shown_and_another_can_be_chosen(visit: OpenPage) -> None:
    app = give(visit(), photos.to_bytes(photos.five_faces()))
    found = pieces(app)
    assert "5 faces were found" in app.info[0].value
    assert found["likeness"]["chosen"] == 0
    widths = [face["box"][2] for face in found["cropper"]["faces"]]
    assert widths == sorted(widths, reverse=True)
    before = found["likeness"]["crop"]["pixels"]
    tell(app, "cropper", face={**about(app), "number": 3})
    found = pieces(app)
    assert found["likeness"]["chosen"] == 3
    assert found["likeness"]["placement"] == found["cropper"]["faces"][3]["placement"]
    assert found["likeness"]["crop"]["pixels"] != before
    assert len(kept(app)) == 1  # the first one's code has gone


def test_without_a_face_the_crop_is_placed_by_hand(visit: OpenPage) -> None:
    app = give(visit(), photos.to_bytes(photos.no_face()))
    assert not app.exception
    assert "No face was found" in app.warning[0].value
    found = pieces(app)
    assert found["cropper"]["by_hand"]
    assert found["likeness"]["placement"] == {"x": 200, "y": 150, "side": 300, "angle": 0}
    (left, level), (right, same) = found["cropper"]["guides"]
    assert left == pytest.approx(1 - right)
    assert level == pytest.approx(same)
    before = found["likeness"]["crop"]["pixels"]
    by_hand = {"x": 100.0, "y": 80.0, "side": 90.0, "angle": 20.0}
    tell(app, "cropper", placement={**about(app), **by_hand})
    assert pieces(app)["likeness"]["placement"] == by_hand
    assert pieces(app)["likeness"]["crop"]["pixels"] != before


def test_a_face_seen_from_the_side_is_found_or_told_of(visit: OpenPage) -> None:
    app = give(visit(), photos.to_bytes(photos.profile()))
    assert not app.exception
    assert not app.error
    found = pieces(app)
    assert bool(found["cropper"]["faces"]) != bool(app.warning)
    assert found["likeness"]["placement"]


@pytest.mark.parametrize(
    "nonsense",
    [
        {"x": float("nan"), "y": 1.0, "side": 90.0, "angle": 0.0},
        {"x": -5.0, "y": 1.0, "side": 90.0, "angle": 0.0},
        {"x": 50.0, "y": 50.0, "side": 1e9, "angle": 0.0},
        {"x": 50.0, "y": 50.0, "side": "wide", "angle": 0.0},
        {"x": 50.0},
    ],
)
def test_nonsense_from_the_browser_moves_nothing(one: AppTest, nonsense: dict[str, Any]) -> None:
    before = pieces(one)["likeness"]["placement"]
    tell(one, "cropper", placement={**about(one), **nonsense})
    tell(one, "cropper", face={**about(one), "number": 7})
    assert not one.exception
    assert pieces(one)["likeness"]["placement"] == before


def test_a_late_message_about_another_photo_moves_nothing(one: AppTest) -> None:
    before = pieces(one)["likeness"]["placement"]
    late = {**about(one), "photo": "0" * 16}
    tell(one, "cropper", placement={**late, "x": 99.0, "y": 99.0, "side": 90.0, "angle": 0.0})
    assert pieces(one)["likeness"]["placement"] == before


def test_the_next_photo_takes_the_place_of_the_last(one: AppTest) -> None:
    before = about(one)["photo"]
    give(one, photos.to_bytes(photos.no_face()))
    assert about(one)["photo"] != before
    assert one.warning


# ---- other models -------------------------------------------------------------------------------


@pytest.mark.parametrize("model", ["cartoons", "flowers"])
def test_faces_are_looked_for_only_where_faces_were_learnt(
    visit: OpenPage, model: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[int] = []
    monkeypatch.setattr(subjects, "find_faces", lambda photo: looked.append(1) or ())
    app = give(visit(model), photos.to_bytes(photos.one_face()))
    assert not app.exception
    assert not looked
    found = pieces(app)
    assert found["likeness"]["placement"] == {"x": 450, "y": 350, "side": 700, "angle": 0}
    assert found["cropper"]["guides"] == []
    assert not found["cropper"]["by_hand"]


def test_the_photo_is_seen_by_the_next_model_as_well(one: AppTest) -> None:
    one.selectbox(key="model").select("cartoons").run()
    assert not one.exception
    assert pieces(one)["likeness"]["crop"]["width"] == 32
    assert pieces(one)["likeness"]["placement"]["side"] == 700


# ---- digits -------------------------------------------------------------------------------------

SEVEN = [[[0.3, 0.2], [0.7, 0.2], [0.45, 0.8]]]


def draw(app: AppTest, strokes: object, **changes: object) -> AppTest:
    found = pieces(app)["sketch"]
    where = {"bundle": found["bundle"], "round": found["round"]}
    return tell(app, "sketch", strokes={**where, "strokes": strokes, **changes})


def test_a_digit_is_drawn_stroke_by_stroke(visit: OpenPage) -> None:
    app = visit("digits")
    assert set(pieces(app)) == {"sketch"}
    draw(app, SEVEN)
    assert not app.exception
    found = pieces(app)
    assert found["likeness"]["crop"]["channels"] == 1
    before = found["likeness"]["crop"]["pixels"]
    draw(app, [*SEVEN, [[0.4, 0.5], [0.7, 0.5]]])
    assert pieces(app)["likeness"]["crop"]["pixels"] != before
    (face,) = kept(app)
    assert face.title == "Your drawing"
    draw(app, [])
    assert set(pieces(app)) == {"sketch"}


@pytest.mark.parametrize(
    "nonsense", ["7", [["a"]], [[[0.1, 2.0]]], [[[0.1]]], [[]], [[[float("nan"), 0.1]]], {"a": 1}]
)
def test_nonsense_strokes_change_nothing(visit: OpenPage, nonsense: object) -> None:
    app = visit("digits")
    draw(app, SEVEN)
    before = pieces(app)["likeness"]["crop"]["pixels"]
    draw(app, nonsense)
    assert not app.exception
    assert pieces(app)["likeness"]["crop"]["pixels"] == before


def test_a_photo_of_a_digit_is_centred_and_inverted(visit: OpenPage) -> None:
    app = visit("digits")
    app.get("button_group")[0].set_value("Upload").run()
    give(app, photos.to_bytes(photos.digit(), "PNG"))
    assert not app.exception
    crop = app.session_state["photo_desk"].faces.popitem()[1].original[..., 0]
    rows, columns = np.nonzero(crop > 127)
    assert crop[0, 0] == 0
    assert rows.max() - rows.min() + 1 == pytest.approx(20, abs=1)
    assert columns.mean() == pytest.approx(13.5, abs=1)


def test_an_empty_sheet_is_a_sentence(visit: OpenPage) -> None:
    app = visit("digits")
    app.get("button_group")[0].set_value("Upload").run()
    give(app, photos.to_bytes(Image.new("RGB", (200, 200), "white")))
    assert not app.exception
    assert app.error


# ---- bad files ----------------------------------------------------------------------------------


def huge(width: int, height: int) -> bytes:
    return photos.to_bytes(Image.new("1", (width, height)), "PNG")


BAD: dict[str, Callable[[], bytes]] = {
    "text": lambda: b"Dear diary, " * 40,
    "truncated": lambda: photos.to_bytes(photos.one_face())[:4000],
    "empty": lambda: b"",
    "too large": lambda: photos.to_bytes(photos.one_face()) + bytes(26_000_000),
    "bomb": lambda: huge(30_000, 30_000),
    "one pixel": lambda: photos.to_bytes(Image.new("RGB", (1, 1)), "PNG"),
    "12,000 x 9,000 in full": lambda: huge(12_000, 9_000),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_a_sentence(visit: OpenPage, name: str) -> None:
    app = give(visit(), BAD[name]())
    assert not app.exception
    (error,) = app.error
    assert error.value.endswith(".")
    assert NAME not in error.value
    assert not pieces(app)
    # The page goes on: the next file is taken, and the sentence goes.
    give(app, photos.to_bytes(photos.no_face()))
    assert not app.error
    assert "likeness" in pieces(app)


def animated() -> bytes:
    frames = [photos.one_face(), photos.no_face().resize((900, 700))]
    return photos.to_bytes(frames[0], "GIF", save_all=True, append_images=frames[1:])


def rotated() -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by 90 degrees clockwise to look at it
    return photos.to_bytes(photos.one_face().transpose(Image.Transpose.ROTATE_90), exif=exif)


def transparent() -> bytes:
    photo = photos.one_face().convert("RGBA")
    photo.putalpha(Image.new("L", photo.size, 255))
    return photos.to_bytes(photo, "PNG")


def sixteen_bits() -> bytes:
    grey = np.asarray(photos.one_face().convert("L")).astype(np.uint16) * 257
    return photos.to_bytes(Image.fromarray(grey), "PNG")


ODD: dict[str, Callable[[], bytes]] = {
    "animated": animated,
    "CMYK": lambda: photos.to_bytes(photos.one_face().convert("CMYK")),
    "16 bits": sixteen_bits,
    "turned by EXIF": rotated,
    "alpha": transparent,
}


@pytest.mark.parametrize("name", ODD)
def test_an_odd_file_shows_its_face_all_the_same(visit: OpenPage, name: str) -> None:
    app = give(visit(), ODD[name]())
    assert not app.exception
    assert not app.error
    found = pieces(app)["cropper"]
    assert (found["width"], found["height"]) == (900, 700)
    assert len(found["faces"]) == 1


def test_a_photo_of_12000_x_9000_is_shown_smaller(visit: OpenPage) -> None:
    app = give(visit("flowers"), photos.to_bytes(Image.new("RGB", (12_000, 9_000), "teal")))
    assert not app.error
    assert pieces(app)["cropper"]["width"] == 2048


# ---- privacy ------------------------------------------------------------------------------------


def test_nothing_of_the_photo_is_in_the_link_or_the_uploader(one: AppTest) -> None:
    assert set(one.query_params) == {"model"}
    assert one.file_uploader[0].value is None
    shown = json.dumps(pieces(one)) + said(one)
    assert NAME not in shown


def test_another_session_sees_nothing_of_it(one: AppTest, visit: OpenPage) -> None:
    assert kept(one)
    other = visit()
    assert not pieces(other)
    assert "explorer" not in other.session_state or not kept(other)


def test_the_photo_can_be_forgotten(one: AppTest) -> None:
    one.button[[button.label for button in one.button].index("Forget mine")].click().run()
    assert not one.exception
    assert not pieces(one)
    assert not kept(one)
    assert not one.session_state["explorer"].slots


def test_a_closed_tab_forgets_the_photo(one: AppTest) -> None:
    held, state = one.session_state["photo_desk"], one.session_state["explorer"]
    assert held.photo is not None
    # What Streamlit does first when the connection of a tab ends.
    clear_session_resource_cache("test session id")
    assert held.photo is None
    assert held.faces == {}
    assert not any(state.kept.values())
    assert not state.slots


def test_a_photo_stays_while_other_pages_are_visited(one: AppTest) -> None:
    before = about(one)
    one.switch_page("pages/explore/map.py").run()
    one.switch_page(PHOTO).run()
    assert about(one) == before
    assert pieces(one)["likeness"]


def test_the_shown_photo_is_a_jpeg_without_metadata(one: AppTest) -> None:
    import base64

    source = pieces(one)["cropper"]["source"]
    picture = Image.open(io.BytesIO(base64.b64decode(source.split(",")[1])))
    assert (picture.format, picture.size) == ("JPEG", (900, 700))
    assert not picture.getexif()


# ---- the camera ---------------------------------------------------------------------------------


def test_the_camera_is_asked_for_only_when_it_is_wanted(visit: OpenPage) -> None:
    app = visit()
    assert not app.camera_input
    app.get("button_group")[0].set_value("Camera").run()
    assert len(app.camera_input) == 1
    blob = photos.to_bytes(photos.one_face())
    app.camera_input[0].set_value(("camera.jpg", blob, "image/jpeg")).run()
    assert not app.exception
    assert len(pieces(app)["cropper"]["faces"]) == 1
    assert not app.camera_input  # it does not stay switched on
