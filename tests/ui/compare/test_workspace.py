from __future__ import annotations

from streamlit.testing.v1 import AppTest


def show() -> None:
    import streamlit as st

    from explorer.ui.compare.workspace import keep_in_link, workspace

    state = workspace()
    st.write(f"{state.picture} {state.end} {state.value}")
    if st.button("forget"):
        keep_in_link("toy-2", "", 0.0)


def test_it_begins_with_what_the_link_says_and_writes_it_back() -> None:
    app = AppTest.from_function(show)
    app.query_params.update(picture="toy-1", end="toy-9", edit="9")
    app.run()
    assert app.markdown[0].value == "toy-1 toy-9 3.0"  # within reach
    app.button[0].click().run()
    assert app.query_params["picture"] == "toy-2"
    assert not {"end", "edit"} & set(app.query_params)
