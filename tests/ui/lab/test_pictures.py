from __future__ import annotations

import numpy as np
import pytest

from explorer.bundle import BundleError
from explorer.ui.lab import pictures
from tests.ui.lab.conftest import OpenTiny


def test_unseen_pictures_are_of_the_held_out_ones_and_repeat_with_the_seed(
    open_tiny: OpenTiny,
) -> None:
    opened = open_tiny()
    ids = pictures.unseen_ids(opened, count=5, seed=3)
    items = opened.bundle.items.set_index("id")
    assert len(set(ids)) == 5
    assert set(items.loc[list(ids), "split"]) <= {"valid", "test"}
    assert ids == pictures.unseen_ids(opened, count=5, seed=3)
    assert ids != pictures.unseen_ids(opened, count=5, seed=4)


def test_pictures_of_one_class(open_tiny: OpenTiny) -> None:
    opened = open_tiny(num_images=300)
    ids = pictures.unseen_ids(opened, count=6, seed=0, label="blond")
    assert set(opened.bundle.items.set_index("id").loc[list(ids), "label"]) == {"blond"}


def test_originals_are_drawn_again_or_absent(open_tiny: OpenTiny) -> None:
    drawn = pictures.originals(open_tiny("toy"), ("toy-000001", "toy-000002"))
    assert drawn is not None
    assert drawn.shape == (2, 32, 32, 3)
    elsewhere = open_tiny("celeba", source="celeba")
    assert pictures.originals(elsewhere, ("000001.jpg",)) is None


def test_reconstructions_are_decoded_means_in_the_order_of_the_names(open_tiny: OpenTiny) -> None:
    opened = open_tiny()
    names = opened.bundle.items["id"].astype(str)
    found = pictures.rebuilt(opened, (names[7], names[2]))
    assert np.array_equal(found, opened.bundle.decode(opened.bundle.latents.mu[[7, 2]]))


def test_a_model_of_other_pictures_is_refused_in_a_sentence(open_tiny: OpenTiny) -> None:
    with pytest.raises(BundleError, match=r"tiny was not trained on nobody\.jpg.*train both"):
        pictures.rebuilt(open_tiny(), ("nobody.jpg",))


def test_samples_repeat_with_the_seed(open_tiny: OpenTiny) -> None:
    opened = open_tiny()
    first, again, other = (pictures.drawn(opened, count=3, seed=seed) for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize(
    ("source", "captions"),
    [
        ("toy-faces", ["Unseen pictures", "Reconstructed", "Samples from the prior"]),
        ("celeba", ["Reconstructed", "Samples from the prior"]),
    ],
)
def test_what_is_asked_of_a_model(open_tiny: OpenTiny, source: str, captions: list[str]) -> None:
    opened = open_tiny(source=source)
    ids = pictures.unseen_ids(opened, count=4, seed=0)
    sheets = pictures.asked(opened, ids, samples=6, seed=0, columns=2)
    assert [sheet.caption for sheet in sheets] == captions
    assert [len(sheet.images) for sheet in sheets[-2:]] == [4, 6]


def test_figures_are_told_with_their_units(open_tiny: OpenTiny) -> None:
    assert pictures.facts(open_tiny()) == [
        ("PSNR", "21.5 dB"),
        ("ELBO", "−410.0 nats"),
        ("Rate", "18.2 nats"),
        ("Active units", "7 of 8"),
    ]
    autoencoder = pictures.facts(open_tiny("ae", variational=False))
    assert "Rate" not in dict(autoencoder)


def test_samples_come_from_the_sampler_asked_for(open_tiny: OpenTiny) -> None:
    opened = open_tiny()
    found = pictures.drawn(opened, count=3, seed=1, sampler="mixture")
    wanted = opened.bundle.decode(opened.bundle.sample(3, sampler="mixture", seed=1))
    assert np.array_equal(found, wanted)
