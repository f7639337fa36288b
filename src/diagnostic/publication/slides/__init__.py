"""``seance.pptx``: the slides of the session, native charts, the facilitator's words in the notes."""

from __future__ import annotations

from diagnostic.publication.slides.session import write_slides

__all__ = ["write_slides"]
