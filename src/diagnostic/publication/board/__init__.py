"""The board of the session: one page, no network, read from the back of the room."""

from __future__ import annotations

from diagnostic.publication.board.page import board

__all__ = ["board"]
