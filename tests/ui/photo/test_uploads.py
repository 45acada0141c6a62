from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from starlette.datastructures import Headers
from starlette.formparsers import MultiPartParser

from explorer.ui.photo.uploads import keep_in_memory

BIG = bytes(3_000_000)


def received(blob: bytes) -> Any:
    """The file that Streamlit's route gets of an upload, as Starlette parses it."""
    head = b'--X\r\nContent-Disposition: form-data; name="f"; filename="p.jpg"\r\n\r\n'

    async def chunks() -> AsyncIterator[bytes]:
        body = head + blob + b"\r\n--X--\r\n"
        for start in range(0, len(body), 65_536):
            yield body[start : start + 65_536]

    headers = Headers({"content-type": "multipart/form-data; boundary=X"})
    form = asyncio.run(MultiPartParser(headers, chunks()).parse())
    return form["f"]


def test_a_large_upload_is_not_spooled_to_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MultiPartParser, "spool_max_size", 1024 * 1024)  # Starlette's own
    with received(BIG).file as spooled:
        assert spooled._rolled  # this is what would happen
    keep_in_memory()
    with received(BIG).file as kept:
        assert not kept._rolled
        assert len(kept.read()) == len(BIG)
