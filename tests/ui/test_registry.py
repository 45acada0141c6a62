from __future__ import annotations

from explorer.ui import registry
from explorer.ui.folders import ROOT


def test_every_page_is_registered_and_every_registered_page_exists() -> None:
    pages = {str(path.relative_to(ROOT)) for path in (ROOT / "pages").rglob("*.py")}
    registered = {value for name, value in vars(registry).items() if name.isupper()}
    assert pages == registered


def test_no_script_lies_directly_in_pages() -> None:
    # Streamlit would take it for a page of its old format and run it without app.py.
    assert list((ROOT / "pages").glob("*.py")) == []
