"""A zip without a clock: the workbooks inside the charts included."""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import date

_MOMENT: Final = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(<)")


def steady(content: bytes, *, day: date) -> bytes:
    """Give an Office file the date of its document in place of the clock's.

    Parameters
    ----------
    content
        A pptx or xlsx file.
    day
        The only date that stays in it.

    Returns
    -------
    bytes
        The same parts in the same order, the workbooks embedded in charts treated likewise.
    """
    result = io.BytesIO()
    moment = f"{day.isoformat()}T00:00:00Z".encode()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for member in source.infolist():
            body = source.read(member)
            if member.filename.endswith(".xlsx"):
                body = steady(body, day=day)
            elif member.filename == "docProps/core.xml":
                body = _MOMENT.sub(rb"\g<1>" + moment + rb"\g<3>", body)
            target.writestr(zipfile.ZipInfo(member.filename, (day.year, day.month, day.day, 0, 0, 0)), body)
    return result.getvalue()
