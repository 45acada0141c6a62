from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from explorer.bundle.jobs import Ending, Queue
from explorer.bundle.orders import Order
from explorer.bundle.running import held, running
from explorer.bundle.sweeps import CellIndex, SweepIndex, write_index
from explorer.ui.folders import VARIABLE
from explorer.ui.train import actions
from explorer.ui.words import plain
from tests.bundle.stub_cli import begin
from tests.bundles import make_bundle

OpenPage = Callable[..., AppTest]
TRAIN = "pages/make/train.py"


@pytest.fixture
def queue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Queue:
    """Of an empty folder of bundles, with data of its own; no worker is ever started."""
    monkeypatch.setenv(VARIABLE, str(tmp_path / "shelf"))
    monkeypatch.setenv("LATENT_EXPLORER_DATA", str(tmp_path / "data"))
    monkeypatch.setattr(actions, "start_worker", lambda *_, **__: None)
    (tmp_path / "shelf").mkdir()
    return Queue(tmp_path / "shelf")


@pytest.fixture
def app(open_page: OpenPage, queue: Queue) -> AppTest:
    return open_page(TRAIN)


def texts(app: AppTest) -> str:
    kinds = (app.markdown, app.caption, app.warning, app.info, app.error)
    return "\n".join(item.value for kind in kinds for item in kind)


def command(app: AppTest) -> str:
    return str(app.code[0].value).replace("\\\n  ", "")


def taken(queue: Queue, name: str = "run", **changes: Any) -> str:
    queue.submit(Order(name, **changes))
    job = queue.take()
    assert job is not None
    return job.number


def test_the_page_opens_with_a_command_that_can_be_started(app: AppTest, queue: Queue) -> None:
    assert not app.exception
    assert command(app) == (
        f"python train_cli.py train --data toy-faces --beta 1 --name toy-faces --out {queue.out}"
    )
    assert "Nothing runs." in texts(app)
    assert "MNIST is not in" in texts(app)


def test_choices_make_the_command(app: AppTest) -> None:
    app.selectbox(key="data").select("Digits")
    app.selectbox(key="preset").select("small")
    app.number_input(key="beta").set_value(4.0)
    app.number_input(key="latent_dim").set_value(8)
    app.number_input(key="train_epochs").set_value(2)
    app.selectbox(key="train_warmup").select("linear")
    app.text_input(key="train_name").set_value("two words").run()
    assert not app.exception
    assert command(app).startswith(
        "python train_cli.py train --data digits --preset small --beta 4 --latent-dim 8 --warmup "
        "linear --warmup-epochs 3 --epochs 2 --name 'two words' --out "
    )


def test_a_link_brings_the_choices_back(open_page: OpenPage, queue: Queue) -> None:
    app = open_page(TRAIN, data="Digits", beta="0.5", latent_dim="16")
    assert not app.exception
    assert "--data digits --beta 0.5 --latent-dim 16 --name digits" in command(app)


@pytest.mark.parametrize(
    "query",
    [{"data": "MNIST"}, {"data": "../etc", "beta": "-1", "latent_dim": "x"}, {"task": "?"}],
)
def test_a_damaged_link_opens_the_page_all_the_same(
    query: dict[str, str], open_page: OpenPage, queue: Queue
) -> None:
    app = open_page(TRAIN, **query)
    assert not app.exception
    assert "--data toy-faces --beta 1 " in command(app)


def test_folders_of_pictures_are_offered(
    open_page: OpenPage, queue: Queue, tmp_path: Path
) -> None:
    (tmp_path / "data" / "cats" / "one").mkdir(parents=True)
    app = open_page(TRAIN, data="Pictures in cats")
    assert f"--data folder --root {tmp_path / 'data' / 'cats'} --beta 1 --name cats" in command(
        app
    )


def test_start_puts_the_run_into_the_queue_and_names_the_next_one(
    app: AppTest, queue: Queue
) -> None:
    app.button(key="train_start").click().run()
    assert not app.exception
    (job,) = queue.listing().jobs
    assert (job.order, job.status) == (Order("toy-faces"), "waiting")
    assert "--name toy-faces-2" in command(app)
    assert app.button(key="train_start").label == "Add to the queue"
    app.button(key="train_stop_000001").click().run()
    assert queue.listing().jobs == ()


@pytest.mark.parametrize("name", ["../elsewhere", "--overwrite"])
def test_a_name_that_is_a_path_is_refused(name: str, app: AppTest) -> None:
    app.text_input(key="train_name").set_value(name).run()
    assert not app.exception
    assert "choose letters, digits, spaces" in texts(app)
    assert app.button(key="train_start").disabled


@pytest.mark.parametrize(
    ("betas", "dims", "sentence"),
    [
        ("0 1 1", "2 8", "beta holds 1 twice; give each value once"),
        ("-1 4", "2 8", "beta is -1.0; choose 0"),
        ("0 four", "2 8", "β holds 'four', which is no number"),
        ("0", "2.5", "latent\\_dim holds 2.5; whole numbers"),
    ],
)
def test_a_grid_that_cannot_be(
    betas: str, dims: str, sentence: str, open_page: OpenPage, queue: Queue
) -> None:
    app = open_page(TRAIN, task="A grid of models", betas=betas, latent_dims=dims)
    assert not app.exception
    assert sentence in texts(app)
    assert app.button(key="train_start").disabled


def test_a_grid_is_one_order(open_page: OpenPage, queue: Queue) -> None:
    app = open_page(TRAIN, task="A grid of models", betas="0, 0.075; 1", latent_dims="2 8")
    assert "sweep --data toy-faces --betas 0 0.075 1 --latent-dims 2 8" in command(app)
    app.button(key="train_start").click().run()
    (job,) = queue.listing().jobs
    assert (job.order.task, job.order.betas) == ("sweep", (0, 0.075, 1))


def test_a_bundle_of_that_name_is_replaced_only_when_asked(app: AppTest, queue: Queue) -> None:
    make_bundle(queue.out / "mine")
    app.text_input(key="train_name").set_value("mine").run()
    assert "mine is a model already; replace it" in texts(app)
    assert app.button(key="train_start").disabled
    app.checkbox(key="train_replace").check().run()
    assert command(app).endswith("--overwrite")
    app.button(key="train_start").click().run()
    assert queue.listing().jobs[0].order.overwrite


def test_another_app_was_faster(app: AppTest, queue: Queue) -> None:
    app.text_input(key="train_name").set_value("mine").run()
    queue.submit(Order("mine", data="digits"))
    app.button(key="train_start").click().run()
    assert not app.exception
    assert "mine is in the queue already (waiting)" in app.error[0].value
    assert [job.order.data for job in queue.listing().jobs] == ["digits"]


def test_a_run_in_progress_shows_its_curves_its_pace_and_its_end(
    open_page: OpenPage, queue: Queue
) -> None:
    number = taken(queue)
    begin(queue.out / "run", 1)
    begin(queue.out / "run", 2)
    bundle = make_bundle(queue.out.parent / "other" / "run", name="run")
    sheet = (bundle / "preview.webp").read_bytes()
    (queue.out / "run" / ".resume" / "sheet.webp").write_bytes(sheet)
    with held(queue.folder / "worker.lock", busy=""):
        app = open_page(TRAIN)
        assert not app.exception
        assert app.get("plotly_chart")
        assert app.image
        (progress,) = app.get("progress")
        assert "epoch **2** of 4 · **20** images/s · about **4 s** left" in progress.proto.text
        app.button(key=f"train_stop_{number}").click().run()
        assert queue.is_stop_asked(number)
        assert "stops" in texts(app)
    queue.end(number, Ending("stopped", "It was stopped."))
    app = app.run()
    assert "It was stopped." in texts(app)
    app.button(key=f"train_go_on_{number}").click().run()
    assert queue.listing().jobs[0].order == Order("run", task="resume")


def test_a_run_killed_from_outside_can_go_on(open_page: OpenPage, queue: Queue) -> None:
    queue.end(
        taken(queue), Ending("stopped", "It was killed from outside (signal 9, perhaps memory).")
    )
    begin(queue.out / "run", 1)
    app = open_page(TRAIN)
    assert "killed from outside (signal 9" in texts(app)
    assert app.button(key="train_go_on_000001").label == "Resume"


def test_after_a_restart_what_waits_is_told_and_can_be_started(
    open_page: OpenPage, queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    woken: list[Path] = []
    monkeypatch.setattr(actions, "start_worker", lambda out, **_: woken.append(out))
    taken(queue)
    queue.submit(Order("next"))
    app = open_page(TRAIN)
    assert "Going on starts after the last epoch that was finished." in texts(app)
    assert app.button(key="train_go_on_000001").label == "Try again"
    app.button(key="train_wake").click().run()
    assert woken == [queue.out]


def test_a_finished_run_opens_its_map(open_page: OpenPage, queue: Queue) -> None:
    make_bundle(queue.out / "faces", name="faces")
    (queue.folder).mkdir()
    number = taken(queue, "faces", overwrite=True)
    queue.end(number, Ending("done", ""))
    app = open_page(TRAIN)
    app.button(key="train_map_shelf_faces").click().run()
    assert not app.exception
    assert app.title[0].value == "faces"


def test_a_failed_run_says_why_and_is_dismissed(open_page: OpenPage, queue: Queue) -> None:
    number = taken(queue)
    queue.end(number, Ending("failed", "the loss is nan; lower --learning-rate."))
    (queue.folder / f"{number}.log").write_text("run: 0%\rrun: 50%\n\nthe loss is nan\n")
    app = open_page(TRAIN)
    assert "the loss is nan; lower --learning-rate." in texts(app)
    assert app.code[1].value == "run: 50%\n\nthe loss is nan"
    app.button(key=f"train_remove_{number}").click().run()
    assert queue.listing().jobs == ()


def test_runs_of_a_terminal_are_shown_and_adopted(open_page: OpenPage, queue: Queue) -> None:
    begin(queue.out / "old", 1)
    with running(queue.out / "live"):
        begin(queue.out / "live", 1)
        app = open_page(TRAIN)
        assert not app.exception
        assert "It can be stopped where it was started" in texts(app)
        app.button(key="train_adopt_old").click().run()
    assert queue.listing().jobs[0].order == Order("old", task="resume")


def test_a_damaged_job_is_told_and_removed(open_page: OpenPage, queue: Queue) -> None:
    queue.submit(Order("run"))
    (queue.folder / "000001.json").write_text("{")
    app = open_page(TRAIN)
    assert "It is passed over; remove it." in texts(app)
    app.button(key="train_remove_000001").click().run()
    assert not app.error
    assert "Nothing runs." in texts(app)


def test_a_grid_fills_as_its_cells_are_done(open_page: OpenPage, queue: Queue) -> None:
    number = taken(queue, "grid", task="sweep", betas=(0.0, 1.0), latent_dims=(8,))
    folder = queue.out / "grid"
    cells = [
        CellIndex(f"beta-{beta:g}_dim-8_conv", beta, 8, "conv", True, "none")
        for beta in (0.0, 1.0)
    ]
    with held(queue.folder / "worker.lock", busy=""):
        app = open_page(TRAIN)
        assert "It loads the pictures" in texts(app)
        write_index(folder, SweepIndex("python train_cli.py sweep", tuple(cells)))
        make_bundle(folder / cells[0].name, name=cells[0].name, beta=0.0, warmup="none")
        with running(folder / cells[1].name):
            begin(folder / cells[1].name, 3)
            app = app.run()
        assert not app.exception
        assert "elbo -410.0" in texts(app)
        assert "epoch 3 of 4" in texts(app)
        assert "**β 1**" in texts(app)
        assert len(app.image) == 1
    queue.end(number, Ending("done", ""))
    app = app.run()
    app.button(key=f"train_map_grid_{cells[0].name}").click().run()
    assert app.title[0].value == plain(cells[0].name)


def test_a_folder_that_cannot_be_written_is_a_sentence(
    open_page: OpenPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, queue: Queue
) -> None:
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv(VARIABLE, str(tmp_path / "file"))
    app = open_page(TRAIN)
    app.button(key="train_start").click().run()
    assert not app.exception
    assert "cannot be written" in app.error[0].value


def test_a_public_server_does_not_train(
    open_page: OpenPage, queue: Queue, monkeypatch: pytest.MonkeyPatch, app: AppTest
) -> None:
    monkeypatch.setenv("LATENT_EXPLORER_TRAINING", "off")
    app.button(key="train_start").click().run()  # of a page opened before
    assert queue.listing().jobs == ()
    for act, what in (
        (actions.go_on, "000001"),
        (actions.stop, "000001"),
        (actions.remove, "000001"),
        (actions.adopt, "run"),
    ):
        act(what)
        assert "switched off here" in st.session_state[actions.REFUSAL]
        del st.session_state[actions.REFUSAL]
