"""Any survey export, recognised by its content and read by the one module that knows its platform."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from diagnostic.errors import Fault, InputError
from diagnostic.ingestion.document import Document, Kind, open_document
from diagnostic.ingestion.survey.foreign import refuse_foreign
from diagnostic.ingestion.survey.lss import read_lss
from diagnostic.ingestion.survey.xlsform import is_xlsform, read_xlsform
from diagnostic.registry import Registry

if TYPE_CHECKING:
    from collections.abc import Callable

    from diagnostic.ingestion.survey.export import Export, Form

XML_MARK: Final = b"<?xml"
SPSS_MARKS: Final = (b"$FL2", b"$FL3")
STATA_MARK: Final = b"<stata_dta>"
# Before version 117 a .dta begins with its version and its byte order.
_OLD_STATA: Final = (range(0x69, 0x74), (1, 2))
_HEAD: Final = 1 << 16
GENERIC: Final = "generic"


@dataclass(frozen=True, slots=True)
class Platform:
    """A survey platform.

    Parameters
    ----------
    name
        Stable identifier.
    label
        French name.
    recognise
        Whether a document is one of its exports, from its head alone.
    read
        Takes a document and a form or ``None``; gives the export.
    """

    name: str
    label: str
    recognise: Callable[[Document], bool]
    read: Callable[[Document, Form | None], Export]


PLATFORMS: Registry[Platform] = Registry("diagnostic.ingestion.survey.platforms")


def open_survey(path: Path) -> Document:
    """Open a file as a survey may come: also the binary and XML formats that public tables never have.

    Parameters
    ----------
    path
        A file in the user's folders.

    Raises
    ------
    InputError
        As :func:`~diagnostic.ingestion.document.open_document`.
    """
    try:
        with path.open("rb") as stream:
            head = stream.read(_HEAD)
    except OSError:
        return open_document(path)  # says why
    stata = head.startswith(STATA_MARK) or (
        path.suffix.lower() == ".dta" and len(head) > 1 and head[0] in _OLD_STATA[0] and head[1] in _OLD_STATA[1]
    )
    if stata or head.startswith(SPSS_MARKS):
        return Document(path, path.name, Kind.OTHER, start="stata" if stata else "spss")
    if head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(XML_MARK):
        return Document(path, path.name, Kind.OTHER, encoding="utf-8", start=head.decode("utf-8", "replace"))
    return open_document(path)


def recognise_survey(document: Document | Path) -> str | None:
    """Name the platform an export comes from.

    Parameters
    ----------
    document
        An open document, or the path of a file that :func:`open_survey` opens.

    Returns
    -------
    str or None
        ``None`` when nothing in the file says that it is a survey; public statistics are never claimed.
    """
    if isinstance(document, Path):
        document = open_survey(document)
    found = (platform.name for platform in PLATFORMS if platform.name != GENERIC and platform.recognise(document))
    named = next(found, None)
    if named is None and PLATFORMS[GENERIC].recognise(document):
        return GENERIC
    return named


def read_form(path: Path) -> Form:
    """Read a questionnaire without answers.

    Parameters
    ----------
    path
        A LimeSurvey ``.lss`` or an XLSForm workbook.

    Raises
    ------
    InputError
        When the file is neither.
    """
    document = open_survey(path)
    if document.kind is Kind.OTHER and "<LimeSurveyDocType>" in document.start:
        return read_lss(path.read_bytes(), file=path.name)
    if is_xlsform(document):
        return read_xlsform(document)
    raise InputError(Fault(
        "ce fichier n’est pas un questionnaire", file=path.name,
        expected="un .lss de LimeSurvey ou un XLSForm (.xlsx)", found=f"un fichier de nature « {document.kind} »",
        remedy="exportez la structure de l’enquête (LimeSurvey\u00a0: .lss\u00a0; Kobo\u00a0: XLSForm)",
    ))  # fmt: skip


def read_export(path: Path, *, form: Form | Path | None = None) -> Export:
    """Read the answers of a survey, whatever the platform.

    Parameters
    ----------
    path
        The export as the platform wrote it.
    form
        The questionnaire, or the file that holds it: it gives wordings, options and who was asked what.

    Returns
    -------
    Export
        Every cell as written, with its state.

    Raises
    ------
    InputError
        When the file is damaged, re-saved beyond repair, or not a survey; the message holds no answer.
    RefusedError
        When the file holds identities, as an invitation list does.
    """
    document = open_survey(path)
    refuse_foreign(document)
    named = recognise_survey(document) or GENERIC
    questionnaire = read_form(form) if isinstance(form, Path) else form
    return PLATFORMS[named].read(document, questionnaire)
