"""The French PDF diagnostic, typeset with Typst."""

from __future__ import annotations

from diagnostic.publication.report.edition import Edition
from diagnostic.publication.report.writer import pages, write_documents, write_report

__all__ = ["Edition", "pages", "write_documents", "write_report"]
