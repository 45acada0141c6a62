from __future__ import annotations

import numpy as np
import pytest

from explorer.bundle import Bundle, BundleError
from explorer.ui import faces
from explorer.ui.spots import Spot


def test_a_picture_of_the_data_is_named_by_its_id(bundle: Bundle) -> None:
    face = faces.of_row(7, bundle)
    assert (face.title, face.link, face.index) == ("toy-000007", "toy-000007", 7)
    np.testing.assert_array_equal(face.code, bundle.latents.mu[7])
    np.testing.assert_array_equal(face.image, bundle.decode(face.code[None])[0])


def test_a_place_keeps_its_place_in_the_link(bundle: Bundle) -> None:
    face = faces.of_spot(Spot("pca", 0.5, -1.0), bundle)
    assert (face.title, face.link, face.index) == (faces.PLACE, "pca:0.5000,-1.0000", None)


def test_a_picture_decoded_already_is_not_decoded_again(bundle: Bundle) -> None:
    image = np.zeros((32, 32, 3), np.uint8)
    assert faces.of_spot(Spot("pca", 0, 0, 3), bundle, image=image).image is image


@pytest.mark.parametrize("text", ["toy-000012", "umap:1.2500,-0.5000"])
def test_a_link_leads_back(bundle: Bundle, text: str) -> None:
    face = faces.from_link(text, bundle)
    assert face is not None
    assert face.link == text


def test_a_code_in_a_link_gives_the_same_picture(bundle: Bundle) -> None:
    code = bundle.sample(1, seed=3)
    face = faces.of_codes(code, bundle, titles=["A sample"])[0]
    back = faces.from_link(face.link, bundle)
    assert back is not None
    np.testing.assert_allclose(back.code, code[0], atol=2e-3)
    assert np.abs(back.image.astype(int) - face.image).mean() < 1
    assert back.link == face.link


def test_private_faces_have_no_link(bundle: Bundle) -> None:
    assert (
        faces.of_codes(np.zeros((1, 8)), bundle, titles=["A photo"], is_private=True)[0].link == ""
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nobody",
        "umap:a,b",
        "code:",
        "code:é",
        "code:AAAA",
        faces.code_text(np.full(8, np.inf)),
        faces.code_text(np.full(8, np.nan)),
        faces.code_text(np.zeros(9)),
    ],
)
def test_a_damaged_link_is_no_face(bundle: Bundle, text: str) -> None:
    assert faces.from_link(text, bundle) is None


def test_codes_of_another_model_are_refused(bundle: Bundle) -> None:
    with pytest.raises(BundleError, match=r"\(N, 8\)"):
        faces.of_codes(np.zeros((1, 9)), bundle, titles=["?"])
