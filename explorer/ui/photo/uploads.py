"""Uploads that stay in memory: taken once, and kept nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.formparsers import MultiPartParser
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx

if TYPE_CHECKING:
    from streamlit.runtime.uploaded_file_manager import UploadedFile

SPOOL_BYTES = 1 << 30  # far beyond server.maxUploadSize, which is what bounds an upload


def keep_in_memory() -> None:
    """From now on no upload is spooled to a temporary file.

    Starlette, which receives them for Streamlit, writes what is larger than 1 MB to the disk.
    Streamlit holds all of it in memory a moment later, so this costs nothing.
    """
    MultiPartParser.spool_max_size = SPOOL_BYTES


def take(upload: UploadedFile) -> bytes:
    """The bytes of an upload; Streamlit, which would keep them with the session, forgets them."""
    blob = upload.getvalue()
    context = get_script_run_ctx()
    if context is not None and isinstance(context.uploaded_file_mgr, MemoryUploadedFileManager):
        context.uploaded_file_mgr.remove_file(context.session_id, upload.file_id)
    return blob
