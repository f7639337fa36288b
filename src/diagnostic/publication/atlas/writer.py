"""The page: template, style, script and data in one file, under a policy that names the hash of each."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html import escape
from importlib import resources
from typing import TYPE_CHECKING, Any, Final

from diagnostic.formatting import typographic
from diagnostic.publication.atlas.content import content

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from diagnostic.analysis.disclosure.public import PublicTables

# In this order they make one script.
SCRIPTS: Final = ("elements.js", "numbers.js", "map.js", "views.js", "survey.js", "quadrant.js", "atlas.js")
_HARMLESS: Final = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"}


def write_atlas(
    tables: PublicTables, *, texts: Mapping[str, str] | None = None, crossings: pd.DataFrame | None = None
) -> bytes:
    """Write the atlas of a territory: one HTML file without any request, not even to another file.

    Parameters
    ----------
    tables
        What disclosure let out; nothing else is read.
    texts
        The lead's own texts, by file name, each in place of ours.
    crossings
        Columns of ``analysis.crossing.CROSSING_COLUMNS``, made of released figures only; without them the page has
        no quadrant.

    Returns
    -------
    bytes
        HTML in UTF-8; the same tables give the same bytes. A hidden value is nowhere in the file.

    Raises
    ------
    ConfigurationError
        When a text has an unknown name or holds an unknown reference.
    TerritoryError
        When there is no neighbourhood, or no declared reference system.
    """
    data = content(tables, texts=texts, crossings=crossings)
    style = _file("atlas.css")
    script = "\n".join(_file(name) for name in SCRIPTS)
    parts = {  # in the order of the template
        "policy": policy(script=script, style=style), "title": escape(_title(data["identity"])),
        "style": style, "data": harmless(data), "script": script,
    }  # fmt: skip
    page = re.split("|".join(f"@{name}@" for name in parts), _file("atlas.html"))
    woven = [text for pair in zip(page, [*parts.values(), ""], strict=True) for text in pair]
    return "".join(woven).encode("utf-8")


def _title(identity: Mapping[str, str]) -> str:
    banner = f" ({identity['banner'].lower()})" if identity["banner"] else ""
    return typographic(f"Atlas des quartiers prioritaires – {identity['name']}{banner}")


def _file(name: str) -> str:
    text = (resources.files("diagnostic.publication") / "atlas" / name).read_text(encoding="utf-8")
    return text.replace("\r\n", "\n")  # a browser hashes what it reads, and it reads line feeds


def policy(*, script: str, style: str) -> str:
    """Write the Content-Security-Policy: this script, this style, and nothing from anywhere.

    Examples
    --------
    >>> policy(script="", style="").split(";")[0]
    "default-src 'none'"
    """
    return "; ".join([
        "default-src 'none'", f"script-src {_hash(script)}", f"style-src {_hash(style)}", "img-src data:",
        "base-uri 'none'", "form-action 'none'",
    ])  # fmt: skip


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode('utf-8')).digest()).decode()}'"


def harmless(data: Any) -> str:  # noqa: ANN401 - any plain data
    r"""Write data as JSON that no HTML parser can leave.

    Examples
    --------
    >>> harmless(["</script>"])
    '["\\u003c/script\\u003e"]'
    """
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for sign, written in _HARMLESS.items():
        text = text.replace(sign, written)
    return text
