"""The live socket: a place of a map, or codes, in; the pictures the model draws there out.

A Streamlit rerun for every move of the pointer was measured at 14 pictures a second; this reaches
what the decoder allows. Routes of our own bypass Streamlit's checks, so they are made here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from urllib.parse import urlsplit

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from explorer.bundle import BundleError
from explorer.latent import LatentError
from explorer.ui.findings import glimpse
from explorer.ui.resources import in_use
from explorer.ui.spots import parse_spot
from explorer.ui.wire import pack_frame, unpack_codes

MAX_MESSAGE = 512  # characters; a question about a place takes some 120
MAX_CODES = 64  # of one question: an 8 x 8 grid, half a second of one core at most
FEW = 4  # pictures of one question that are shown large
MAX_BINARY = 4 + MAX_MESSAGE + MAX_CODES * 512 * 4  # 512 is the longest code there is
POLICY, TOO_BIG = 1008, 1009  # WebSocket close codes


def path() -> str:
    """Where the socket is, below the base path the server was given."""
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{base}/live".replace("//", "/")


def route() -> WebSocketRoute:
    """The socket's route for :class:`streamlit.App`."""
    return WebSocketRoute(path(), converse)


async def converse(socket: WebSocket) -> None:
    """Answers the questions of one page, one after the other."""
    if not is_same_origin(socket.headers):
        await socket.close(POLICY)
        return
    await socket.accept()
    while (message := await socket.receive())["type"] == "websocket.receive":
        question = message.get("bytes") or message.get("text") or ""
        if len(question) > (MAX_BINARY if isinstance(question, bytes) else MAX_MESSAGE):
            await socket.close(TOO_BIG)
            return
        # Decoding would hold up every other visitor if it ran in the event loop.
        try:
            await socket.send_bytes(await run_in_threadpool(answer, question))
        except WebSocketDisconnect:
            return  # the page was left while its picture was drawn


def answer(question: str | bytes) -> bytes:
    """The frame for a question: text is about a place, bytes are codes."""
    return answer_codes(question) if isinstance(question, bytes) else answer_place(question)


def answer_codes(question: bytes) -> bytes:
    """The frame for codes: all their pictures, one after the other.

    The header of the question is ``{bundle, seq, count}``, see
    :func:`explorer.ui.wire.pack_codes`. The codes come with each question, so nothing about a
    visitor, such as a photo's code, is kept here.
    """
    asked = unpack_codes(question)
    if asked is None:
        return pack_frame({"seq": None}, None)
    header = {"seq": asked.header.get("seq"), "count": len(asked.values)}
    opened = in_use(asked.header.get("bundle"))
    if opened is None or len(asked.values) > MAX_CODES:
        return pack_frame(header, None)
    try:
        # A row of small pictures may be a grey level off; the large one is exact.
        return pack_frame(
            header, opened.bundle.decode(asked.values, quick=len(asked.values) > FEW)
        )
    except BundleError as error:
        return pack_frame(header | {"error": str(error)}, None)


def answer_place(question: str) -> bytes:
    """The frame for a question ``{bundle, plane, x, y, index, seq}``.

    Without a picture when the question makes no sense, or is about a bundle nobody looks at.
    """
    try:
        asked = json.loads(question)
    except ValueError:
        asked = None
    if not isinstance(asked, dict):
        return pack_frame({"seq": None}, None)
    header = {"seq": asked.get("seq")}
    opened = in_use(asked.get("bundle"))
    spot = None if opened is None else parse_spot(asked, opened.bundle)
    if opened is None or spot is None:
        return pack_frame(header, None)
    try:
        seen = glimpse(spot, opened.bundle)
    except (BundleError, LatentError) as error:
        return pack_frame(header | {"error": str(error)}, None)
    return pack_frame(header | {"caption": seen.caption, "level": seen.level}, seen.image)


def is_same_origin(headers: Mapping[str, str]) -> bool:
    """Whether a page of this server asks; browsers always say which page does.

    A proxy in front may give the host it was asked for as ``X-Forwarded-Host``, which no page
    of another site can set.
    """
    origin = headers.get("origin")
    if origin is None:
        return True
    return urlsplit(origin).netloc in {headers.get("host"), headers.get("x-forwarded-host")}
