from __future__ import annotations

import asyncio
import json
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from starlette.websockets import WebSocketDisconnect

from explorer.bundle import Bundle, BundleError
from explorer.latent import CodeIndex
from explorer.ui import live, resources
from explorer.ui.resources import Opened
from explorer.ui.wire import pack_codes

QUESTION = {"bundle": "abc", "plane": "umap", "x": 0.0, "y": 0.0, "index": 4, "seq": 9}


class FakeSocket:
    """The part of a WebSocket that a conversation uses."""

    def __init__(
        self, *questions: str | bytes, origin: str | None = "http://localhost:8501"
    ) -> None:
        self.headers = {"host": "localhost:8501"} | ({"origin": origin} if origin else {})
        self.questions = list(questions)
        self.answers: list[bytes] = []
        self.accepted = False
        self.leaves = False
        self.closed: int | None = None

    async def accept(self) -> None:
        self.accepted = True

    async def receive(self) -> dict[str, Any]:
        if not self.questions:
            return {"type": "websocket.disconnect", "code": 1001}
        question = self.questions.pop(0)
        kind = "bytes" if isinstance(question, bytes) else "text"
        return {"type": "websocket.receive", kind: question}

    async def send_bytes(self, data: bytes) -> None:
        if self.leaves:
            raise WebSocketDisconnect
        self.answers.append(data)

    async def close(self, code: int) -> None:
        self.closed = code


@pytest.fixture
def opened(bundle: Bundle) -> Iterator[Opened]:
    one = Opened(bundle, CodeIndex(bundle.latents.mu), "abc")
    resources._in_use["abc"] = one
    yield one
    del resources._in_use["abc"]


def talk(socket: FakeSocket) -> None:
    asyncio.run(live.converse(socket))  # type: ignore[arg-type]


def read(frame: bytes) -> tuple[dict[str, Any], bytes]:
    (length,) = struct.unpack_from("<I", frame)
    return json.loads(frame[4 : 4 + length]), frame[4 + length :]


def test_a_question_is_answered_with_the_picture(opened: Opened) -> None:
    header, pixels = read(live.answer_place(json.dumps(QUESTION)))
    assert (header["seq"], header["caption"]) == (9, "toy-000004")
    expected = opened.bundle.decode(np.asarray(opened.bundle.latents.mu[4:5], np.float32))
    assert pixels == expected.tobytes()


@pytest.mark.usefixtures("opened")
@pytest.mark.parametrize(
    "question",
    [
        "",
        "[]",
        "no json",
        json.dumps(QUESTION | {"bundle": "other"}),
        json.dumps(QUESTION | {"bundle": ["abc"]}),
        json.dumps(QUESTION | {"plane": "tsne"}),
        json.dumps(QUESTION | {"x": "0"}),
        '{"bundle": "abc", "plane": "umap", "x": NaN, "y": 0}',
    ],
)
def test_nonsense_gets_an_answer_without_a_picture(question: str) -> None:
    header, pixels = read(live.answer_place(question))
    assert "picture" not in header
    assert pixels == b""


def test_weights_that_fail_are_a_sentence(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise BundleError("model.safetensors: truncated or damaged.")

    monkeypatch.setattr(live, "glimpse", fail)
    header, _ = read(live.answer_place(json.dumps(QUESTION)))
    assert header == {"seq": 9, "error": "model.safetensors: truncated or damaged."}


@pytest.mark.usefixtures("opened")
def test_a_conversation_answers_in_order_until_the_page_leaves() -> None:
    questions = [json.dumps(QUESTION | {"seq": number}) for number in range(3)]
    socket = FakeSocket(*questions)
    talk(socket)
    assert socket.accepted
    assert [read(frame)[0]["seq"] for frame in socket.answers] == [0, 1, 2]


def test_a_page_of_another_site_is_refused() -> None:
    socket = FakeSocket(json.dumps(QUESTION), origin="http://evil.example")
    talk(socket)
    assert (socket.accepted, socket.closed, socket.answers) == (False, live.POLICY, [])


def test_a_long_question_ends_the_conversation() -> None:
    socket = FakeSocket("x" * (live.MAX_MESSAGE + 1))
    talk(socket)
    assert (socket.closed, socket.answers) == (live.TOO_BIG, [])


@pytest.mark.parametrize(
    ("headers", "same"),
    [
        ({"host": "a:1", "origin": "http://a:1"}, True),
        ({"host": "inner", "x-forwarded-host": "a", "origin": "https://a"}, True),
        ({"host": "a:1"}, True),
        ({"host": "a:1", "origin": "http://a:2"}, False),
        ({"host": "a:1", "origin": "null"}, False),
    ],
)
def test_the_origin_decides(headers: dict[str, str], same: bool) -> None:
    assert live.is_same_origin(headers) is same


def test_the_socket_lies_below_the_base_path(monkeypatch: pytest.MonkeyPatch) -> None:
    assert live.path() == "/live"
    monkeypatch.setattr(live.st, "get_option", lambda _name: "/tools/faces/")
    assert live.path() == "/tools/faces/live"


def test_a_bundle_that_no_page_shows_is_not_answered_for(tiny_bundle: Path) -> None:
    header, _ = read(live.answer_place(json.dumps(QUESTION | {"bundle": str(tiny_bundle)})))
    assert "picture" not in header


def test_codes_are_answered_with_all_their_pictures(opened: Opened) -> None:
    codes = np.asarray(opened.bundle.latents.mu[:3], np.float32)
    header, pixels = read(live.answer_codes(pack_codes({"bundle": "abc", "seq": 4}, codes)))
    assert header == {
        "seq": 4,
        "count": 3,
        "picture": {"width": 32, "height": 32, "channels": 3},
    }
    assert pixels == opened.bundle.decode(codes).tobytes()


@pytest.mark.usefixtures("opened")
@pytest.mark.parametrize(
    "question",
    [
        b"",
        b"\xff\xff\xff\xff{}",
        pack_codes({"bundle": "other"}, np.zeros((1, 8))),
        pack_codes({"bundle": ["abc"]}, np.zeros((1, 8))),
        pack_codes({"bundle": "abc"}, np.zeros((live.MAX_CODES + 1, 8))),
    ],
)
def test_codes_that_mean_nothing_get_no_picture(question: bytes) -> None:
    header, pixels = read(live.answer_codes(question))
    assert "picture" not in header
    assert pixels == b""


@pytest.mark.usefixtures("opened")
@pytest.mark.parametrize(
    ("codes", "reason"),
    [(np.zeros((1, 9)), "(N, 8)"), (np.full((2, 8), np.nan), "NaN or infinity")],
)
def test_codes_that_cannot_be_drawn_are_a_sentence(codes: np.ndarray, reason: str) -> None:
    header, _ = read(live.answer_codes(pack_codes({"bundle": "abc", "seq": 1}, codes)))
    assert reason in header["error"]


@pytest.mark.usefixtures("opened")
def test_places_and_codes_share_a_conversation() -> None:
    codes = pack_codes({"bundle": "abc", "seq": 1}, np.zeros((1, 8)))
    socket = FakeSocket(codes, json.dumps(QUESTION))
    talk(socket)
    assert [read(frame)[0]["seq"] for frame in socket.answers] == [1, 9]


@pytest.mark.usefixtures("opened")
def test_a_page_that_leaves_while_its_picture_is_drawn_ends_quietly() -> None:
    socket = FakeSocket(json.dumps(QUESTION), json.dumps(QUESTION))
    socket.leaves = True
    talk(socket)
    assert len(socket.questions) == 1


def test_too_many_bytes_end_the_conversation() -> None:
    socket = FakeSocket(bytes(live.MAX_BINARY + 1))
    talk(socket)
    assert (socket.closed, socket.answers) == (live.TOO_BIG, [])
