from __future__ import annotations

import json

import numpy as np

from explorer.bundle import Bundle
from explorer.latent import CodeIndex
from explorer.ui import messages
from explorer.ui.findings import examine, nearest_to
from explorer.ui.spots import Spot


def test_the_map_is_plain_json(bundle: Bundle) -> None:
    message = messages.map_message(bundle, "abc", plane="pca", colour="Smiling")
    assert json.loads(json.dumps(message)) == message
    assert (message["count"], message["bundle"], message["plane"]) == (300, "abc", "pca")


def test_only_the_axes_of_a_pca_mean_something(bundle: Bundle) -> None:
    titles = messages.axis_titles(bundle.maps["pca"])
    assert titles["x"].startswith("PC 1 · ")
    assert "% of the variance" in titles["y"]
    assert messages.axis_titles(bundle.maps["umap"]) == {"x": "", "y": ""}


def test_the_face_is_plain_json_with_its_marks(bundle: Bundle) -> None:
    spot = Spot("umap", 0.5, 0.5)
    index = CodeIndex(bundle.latents.mu)
    near = nearest_to(spot, bundle, index=index, k=8)
    marks = messages.marks_message(spot, "abc", neighbours=near.index)
    message = messages.face_message(examine(spot, bundle, index=index, near=near), marks)
    assert json.loads(json.dumps(message)) == message
    assert message["marks"]["place"]["index"] == -1
    assert len(message["marks"]["neighbours"]) == 8
    assert message["picture"]["width"] == 32
    assert message["original"] is None


def test_before_a_pick_there_is_an_invitation() -> None:
    message = messages.no_face_message()
    assert message["picture"] is None
    assert "Click" in message["invitation"]


def test_thumbnails_are_decoded_in_order(bundle: Bundle) -> None:
    chosen = np.array([5, 2])
    message = messages.strip_message(
        chosen, bundle, title="t", captions=["five", "two"], columns=4
    )
    assert [item["id"] for item in message["items"]] == ["toy-000005", "toy-000002"]
    assert [item["caption"] for item in message["items"]] == ["five", "two"]
    assert message["items"][0]["picture"] != message["items"][1]["picture"]


def test_no_thumbnails_of_nothing(bundle: Bundle) -> None:
    nothing = np.zeros(0, np.int64)
    message = messages.strip_message(nothing, bundle, title="", captions=[], columns=0)
    assert message["items"] == []


def test_the_selection_is_counted() -> None:
    assert messages.selection_title(0, shown=0) == ""
    assert messages.selection_title(7, shown=7) == "7 selected"
    assert messages.selection_title(1234, shown=24) == (
        "1,234 selected, 24 of them spread over the selection"
    )
