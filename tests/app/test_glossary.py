from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

OpenPage = Callable[..., AppTest]
PAGE = "pages/understand/glossary.py"
pytestmark = pytest.mark.usefixtures("shelf")


def test_a_search_leaves_what_fits_and_is_in_the_link(open_page: OpenPage) -> None:
    app = open_page(PAGE, search="free bits")
    assert not app.exception
    assert [item.value for item in app.subheader] == ["Free bits"]
    assert "max" in app.latex[0].value
    assert "Kingma et al. 2016" in app.caption[1].value
    app.text_input(key="search").set_value("<b>nonsense").run()
    assert not app.subheader
    assert app.info[0].value.startswith("Nothing here is called or mentions “\\<b\\>nonsense”")
    app.text_input(key="search").set_value("").run()
    assert not app.exception
    assert len(app.subheader) > 30
