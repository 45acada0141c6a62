from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

import explorer
from explorer.bundle import Bundle, BundleContents, write_bundle
from explorer.ui.traverse_rows import COMPONENTS, DIMENSIONS, make_notes, make_rows
from tests.bundles import make_contents


def without(contents: BundleContents, dead: list[int]) -> BundleContents:
    """The contents of a model that has put nothing into some dimensions."""
    mu, logvar = contents.mu.copy(), contents.logvar.copy()
    mu[:, dead] = 0.01 * mu[:, dead]
    logvar[:, dead] = 0.0
    return replace(contents, mu=mu, logvar=logvar)


@pytest.fixture(scope="module")
def thrifty(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    folder = tmp_path_factory.mktemp("thrifty") / "thrifty"
    return explorer.load(write_bundle(folder, without(make_contents(), [2, 5])))


def test_dimensions_are_sorted_by_kl_with_the_dead_ones_last(thrifty: Bundle) -> None:
    rows = make_rows(thrifty, DIMENSIONS)
    posterior = torch.distributions.Normal(
        torch.from_numpy(thrifty.latents.mu.astype(np.float32)),
        torch.from_numpy(np.exp(0.5 * thrifty.latents.logvar.astype(np.float32))),
    )
    prior = torch.distributions.Normal(0.0, 1.0)
    kl = torch.distributions.kl_divergence(posterior, prior).mean(dim=0).numpy()
    living = [number for number in np.argsort(-kl) if number not in (2, 5)]
    assert rows.num_living == 6
    assert list(rows.numbers[:6]) == living
    assert set(rows.numbers[6:]) == {2, 5}
    assert rows.figures[0] == f"{kl[living[0]]:.2f} nats"
    assert rows.names[0] == f"Dimension {living[0]}"
    np.testing.assert_array_equal(rows.axes.vectors, np.eye(8)[list(rows.numbers)])


def test_components_are_sorted_by_variance_and_counted_from_1(thrifty: Bundle) -> None:
    rows = make_rows(thrifty, COMPONENTS)
    assert rows.names[:2] == ("PC 1", "PC 2")
    assert rows.num_living == 6
    assert rows.figures[0].endswith("% of variance")
    assert (np.diff(rows.shares) <= 1e-9).all()


def test_an_autoencoder_is_sorted_by_variance(tmp_path: Path) -> None:
    contents = make_contents(variational=False)
    contents.mu[:, 4] *= 5
    plain = explorer.load(write_bundle(tmp_path / "plain", contents))
    rows = make_rows(plain, DIMENSIONS)
    assert rows.numbers[0] == 4
    assert rows.figures[0].endswith("variance")


def test_a_row_names_the_attribute_that_moves_it(bundle: Bundle) -> None:
    rows = make_rows(bundle, DIMENSIONS)
    notes = make_notes(bundle, rows.axes)
    place = rows.place_of(0)
    assert place is not None
    first = notes[place][0]
    # The tiny bundles' first attribute moves the first dimension by 2 of its standard deviations.
    values = bundle.items["Smiling"]
    known = values.notna().to_numpy()
    r = np.corrcoef(values[known].to_numpy(float), bundle.latents.mu[known, 0].astype(float))[0, 1]
    assert (first.text, first.kind) == (f"Smiling +{r:.2f}", "with")


def test_a_row_names_the_factor_it_follows(tmp_path: Path) -> None:
    contents = make_contents()
    items = contents.items.copy()
    items["factor:smile"] = contents.mu[:, 3]
    made = write_bundle(tmp_path / "factors", replace(contents, items=items))
    bundle = explorer.load(made)
    rows = make_rows(bundle, DIMENSIONS)
    notes = make_notes(bundle, rows.axes)
    place = rows.place_of(3)
    assert place is not None
    assert notes[place][0].text.startswith("follows smile · 9")
    others = [note for number, row in enumerate(notes) if number != place for note in row]
    assert all("smile" not in note.text for note in others if note.kind == "factor")


def test_classes_are_noted_where_there_are_no_attributes(tmp_path: Path) -> None:
    contents = make_contents(attribute_names=(), factor_names=(), label_names=("3", "7"))
    items = contents.items.copy()
    items["label"] = np.where(contents.mu[:, 1] > 0, "7", "3")
    bundle = explorer.load(write_bundle(tmp_path / "classes", replace(contents, items=items)))
    rows = make_rows(bundle, DIMENSIONS)
    place = rows.place_of(1)
    assert place is not None
    found = {note.text[:3]: note.kind for note in make_notes(bundle, rows.axes)[place]}
    assert found == {"3 −": "against", "7 +": "with"}


def test_nothing_is_noted_where_nothing_is_known(tmp_path: Path) -> None:
    contents = make_contents(attribute_names=(), factor_names=(), label_names=())
    bundle = explorer.load(write_bundle(tmp_path / "nameless", contents))
    rows = make_rows(bundle, DIMENSIONS)
    assert make_notes(bundle, rows.axes) == ((),) * 8
