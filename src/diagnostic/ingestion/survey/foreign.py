"""Files that come with a survey and are not its answers: each refused by its name, with what to give instead."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NoReturn

from diagnostic.errors import Fault, InputError, RefusedError
from diagnostic.ingestion.document import Kind
from diagnostic.ingestion.survey.xlsform import is_xlsform

if TYPE_CHECKING:
    from diagnostic.ingestion.document import Document

TOKENS_TEXT: Final = (
    "interdit par le RGPD, article 5.1.c (minimisation)\u00a0: la table des invitations relie chaque réponse"
    " à un nom et à une adresse électronique"
)
_LSA_NEEDS: Final = (".lss", "_responses.lsr")
_TOKEN_COLUMNS: Final = frozenset({"firstname", "lastname", "email", "token"})
_LIMESURVEY: Final = {
    "Survey": (
        "structure d’enquête LimeSurvey (.lss), sans aucune réponse",
        "exportez les réponses (Réponses, Exporter, CSV) et donnez ce .lss comme questionnaire",
    ),
    "Group": (
        "groupe de questions LimeSurvey (.lsg), sans aucune réponse",
        "exportez les réponses en CSV, et la structure de l’enquête entière en .lss",
    ),
    "Question": (
        "question LimeSurvey (.lsq), sans aucune réponse",
        "exportez les réponses en CSV, et la structure de l’enquête entière en .lss",
    ),
    "Label set": (
        "jeu d’étiquettes LimeSurvey (.lsl), sans aucune réponse",
        "exportez les réponses en CSV, et la structure de l’enquête entière en .lss",
    ),
}


def refuse_foreign(document: Document) -> None:
    """Refuse what is not an export of answers.

    Raises
    ------
    InputError
        For a questionnaire, a question, an SPSS syntax, raw submissions.
    RefusedError
        For an invitation list, which holds identities.
    """
    if document.kind is Kind.OTHER and document.encoding:
        _refuse_xml(document)
    if document.kind is Kind.ZIP:
        _refuse_zip(document)
    if document.kind is Kind.JSON:
        _refuse(
            document, "réponses brutes en JSON", "l’export CSV ou XLSX de KoboToolbox (Données, Téléchargements)"
        )
    if is_xlsform(document):
        _refuse(
            document, "questionnaire XLSForm, sans aucune réponse",
            "exportez les réponses en CSV et donnez ce classeur comme questionnaire",
        )  # fmt: skip
    titles = {cell.strip().casefold() for rows in document.heads.values() for row in rows[:1] for cell in row}
    if titles >= _TOKEN_COLUMNS:
        _refuse_tokens(document)


def _refuse_xml(document: Document) -> None:
    head = document.start
    if "<LimeSurveyDocType>Tokens" in head:
        _refuse_tokens(document)
    for kind, (what, remedy) in _LIMESURVEY.items():
        if f"<LimeSurveyDocType>{kind}<" in head:
            _refuse(document, what, remedy)


def _refuse_zip(document: Document) -> None:
    if any(name.lower().endswith(".lss") for name in document.members):
        return
    if any(name.lower().endswith(".sps") for name in document.members):
        _refuse(
            document, "syntaxe SPSS (étiquettes .sps), sans aucune réponse",
            "donnez le fichier .sav qui en résulte, ou l’export CSV ou XLSX de KoboToolbox et son XLSForm",
        )  # fmt: skip
    if any("tokens" in name.lower() for name in document.members):
        _refuse_tokens(document)
    _refuse(document, "archive sans export d’enquête", "décompressez-la et donnez le fichier des réponses")


def _refuse(document: Document, what: str, remedy: str) -> NoReturn:
    raise InputError(Fault(
        f"ce fichier n’est pas un export de réponses\u00a0: {what}", file=document.name,
        expected="un export de réponses (csv, xlsx, lsa, lsr, sav, dta)", found=what, remedy=remedy,
    ))  # fmt: skip


def _refuse_tokens(document: Document) -> NoReturn:
    raise RefusedError(Fault(
        f"table des invitations (tokens) refusée\u00a0: {TOKENS_TEXT}", file=document.name,
        expected="un export de réponses sans identités", found="une liste de personnes invitées",
        remedy="ne la copiez pas dans le dossier\u00a0; exportez les réponses seules, en CSV",
    ))  # fmt: skip
