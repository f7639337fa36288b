"""The atlas: one HTML file that opens anywhere, the network cut."""

from __future__ import annotations

from diagnostic.publication.atlas.writer import write_atlas

__all__ = ["write_atlas"]
