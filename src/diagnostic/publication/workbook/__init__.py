"""``indicateurs.xlsx``: one sheet a table, codes as text, absences marked, a dictionary of every column."""

from __future__ import annotations

from diagnostic.publication.workbook.writing import write_workbook

__all__ = ["write_workbook"]
