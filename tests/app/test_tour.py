from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from explorer.ui.tour import STEPS

OpenPage = Callable[..., AppTest]
pytestmark = pytest.mark.usefixtures("shelf")


def keys(app: AppTest) -> set[str]:
    return {str(button.key) for button in app.button if str(button.key).startswith("tour_")}


def text(app: AppTest) -> str:
    return " ".join(item.value for item in app.markdown)


def test_a_first_visit_invites_to_the_tour_and_a_no_is_remembered(open_page: OpenPage) -> None:
    app = open_page()
    assert "in 5 short steps" in text(app)
    app.button(key="tour_skip").click().run()
    assert not app.exception
    assert not keys(app)
    assert not keys(app.run())


def test_the_tour_leads_through_the_pages_and_back(open_page: OpenPage) -> None:
    app = open_page()
    app.button(key="tour_start").click().run()
    assert f"1 of 5 · {STEPS[0].title}" in text(app)
    assert keys(app) == {"tour_next", "tour_end"}
    app.button(key="tour_next").click().run()
    assert not app.exception
    assert f"2 of 5 · {STEPS[1].title}" in text(app)
    assert keys(app) == {"tour_next", "tour_back", "tour_end"}
    app.button(key="tour_back").click().run()
    assert f"1 of 5 · {STEPS[0].title}" in text(app)


def test_who_strays_from_the_tour_finds_it_again_at_home(open_page: OpenPage) -> None:
    app = open_page("pages/explore/sample.py")
    assert not keys(app)
    app.session_state["tour"] = 1
    assert not keys(app.run())
    app.switch_page("pages/make/models.py").run()
    assert "You were at step 2 of 5" in text(app)
    app.button(key="tour_start").click().run()
    assert f"2 of 5 · {STEPS[1].title}" in text(app)
    app.button(key="tour_end").click().run()
    assert not keys(app)


def test_the_last_step_ends_at_home(open_page: OpenPage) -> None:
    app = open_page()
    app.session_state["tour"] = len(STEPS) - 1
    app.switch_page(STEPS[-1].page).run()
    assert "5 of 5" in text(app)
    app.button(key="tour_done").click().run()
    assert app.title[0].value == "Walk through what a model has learnt"
    assert not keys(app)
