"""The lab's experiments on sizes, warm-ups, preprocessing and networks in a browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Locator, expect

import explorer
from explorer.ui.rows import unseen_rows
from tests.e2e.driver import Server, Visitor, differ, serve
from tests.lab_shelf import make_lab_shelf

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def lab_shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_lab_shelf(tmp_path_factory.mktemp("lab"))


@pytest.fixture(scope="module")
def server(lab_shelf: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serve(lab_shelf, log=tmp_path_factory.mktemp("server") / "log.txt") as running:
        yield running


def open_experiment(visitor: Visitor, key: str) -> Locator:
    """The columns of models, once they are drawn."""
    visitor.open(f"/lab?experiment={key}")
    models = visitor.page.locator(".models[data-ready]")
    models.wait_for()
    return models


def press(visitor: Visitor, option: str) -> None:
    visitor.page.get_by_role("radio", name=option, exact=True).click()


def first_picture(visitor: Visitor, sheet: str, model: int = 0) -> np.ndarray:
    canvas = visitor.page.locator("article").nth(model).locator(f"[aria-label^='{sheet}'] canvas")
    return visitor.pixels(canvas.first)


def test_one_size_by_itself(visitor: Visitor) -> None:
    models = open_experiment(visitor, "latent_dimension")
    expect(models.locator("article")).to_have_count(4)
    press(visitor, "64")
    expect(models.locator("article")).to_have_count(1)
    expect(models.locator("h4")).to_contain_text("64 numbers")
    visitor.page.wait_for_url("**size=64*")


def test_one_run_by_itself_keeps_its_colour_in_the_curves(visitor: Visitor) -> None:
    models = open_experiment(visitor, "annealing")
    expect(models.locator("article")).to_have_count(4)
    before = first_picture(visitor, "Reconstructed")
    press(visitor, "cyclical")
    expect(models.locator("article")).to_have_count(1)
    expect(models.locator("h4")).to_contain_text("Cyclical")
    assert differ(first_picture(visitor, "Reconstructed"), before) > 1
    visitor.page.wait_for_url("**warmup=cyclical*")
    lines = visitor.page.locator(".st-key-lab_curve_rate .scatterlayer .trace")
    expect(lines).to_have_count(4)
    fades = [
        float(line.evaluate("(line) => getComputedStyle(line).opacity")) for line in lines.all()
    ]
    assert fades[2] == 1
    assert max(fades[:2] + fades[3:]) < 0.2


def test_the_mean_of_more_faces(visitor: Visitor, lab_shelf: Path) -> None:
    models = open_experiment(visitor, "preprocessing")
    visitor.page.get_by_role("slider", name="Faces in the mean").press("Home")
    expect(models.locator("h5").first).to_contain_text("Mean of 1 face")
    bundle = explorer.load(lab_shelf / "preprocessing-aligned")
    faces = bundle.decode(bundle.latents.mu[unseen_rows(bundle)[:6]])
    # A canvas is smoother than what it was painted with, so the face is known by its nearness.
    seen = first_picture(visitor, "Mean of 1 ")
    assert int(np.argmin([differ(seen, face) for face in faces])) == 0


def test_the_pictures_of_a_class_through_both_networks(visitor: Visitor) -> None:
    models = open_experiment(visitor, "architecture")
    before = [first_picture(visitor, "Reconstructed", model) for model in range(2)]
    version = models.get_attribute("data-ready")
    press(visitor, "blond")
    visitor.page.locator(f".models:not([data-ready='{version}'])").wait_for()
    after = [first_picture(visitor, "Reconstructed", model) for model in range(2)]
    assert all(differ(*pair) > 1 for pair in zip(before, after, strict=True))
    assert differ(*after) > 1
