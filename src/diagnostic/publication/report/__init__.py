"""The French PDF diagnostic, typeset with Typst."""

from __future__ import annotations

from diagnostic.publication.report.writer import write_documents, write_report

__all__ = ["write_documents", "write_report"]
