"""Actions by domain and criterion as a page: big figures, empty cells that show, what the files get wrong."""

from __future__ import annotations

from html import escape
from importlib import resources
from string import Template
from typing import TYPE_CHECKING, Final

from diagnostic.action_model import ALL_CRITERIA
from diagnostic.formatting import enumeration, number, plural, quantity, typographic
from diagnostic.vocabulary import FICTIONAL_BANNER, SCALE_LABELS

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    import pandas as pd

    from diagnostic.analysis.actions import ActionTables

_LEVELS: Final = tuple(str(scale) for scale in SCALE_LABELS)
_MARKS: Final = {"signal": "!", "none": "·"}
_SAID: Final = {"signal": "signalé ou mesuré, aucune action", "none": "aucune action"}


def board(
    found: ActionTables, *, title: str, signalled: Collection[tuple[str, str]] = (), faults: Sequence[str] = (),
    refresh: int = 0, fictional: bool = False,
) -> str:  # fmt: skip
    """Write the page.

    Parameters
    ----------
    found
        The tables of an inventory.
    title
        The territory, as printed.
    signalled
        Domain and criterion of the pairs that a source signals: an empty cell of theirs stands out.
    faults
        What could not be read, one sentence each; the figures are then those of the last time all could.
    refresh
        Seconds after which the page reads itself again, 0 for never.
    fictional
        Whether the figures are invented.

    Returns
    -------
    str
        HTML that calls nothing outside itself; every text of a file is escaped.
    """
    page = Template((resources.files(__package__) / "board.html").read_text(encoding="utf-8"))
    return page.substitute(
        title=_text(f"Ce qui se fait déjà : {title}"),
        refresh=f'<meta http-equiv="refresh" content="{refresh}">' if refresh else "",
        banner=f'<p class="banner">{_text(FICTIONAL_BANNER)}</p>' if fictional else "",
        faults=_faults(faults), summary=_text(_summary(found)), head=_head(found.action_coverage),
        body=_body(found, set(signalled)), reasons=_text(_reasons(found.action_reasons)),
    )  # fmt: skip


def _text(words: str) -> str:
    return escape(typographic(words))


def _faults(faults: Sequence[str]) -> str:
    if not faults:
        return ""
    items = "".join(f"<li>{_text(fault)}</li>" for fault in faults)
    title = _text("À corriger dans les fichiers ; le tableau montre la dernière lecture complète.")
    return f'<section class="faults" role="alert"><h2>{title}</h2><ul>{items}</ul></section>'


def _summary(found: ActionTables) -> str:
    whole = found.action_money.iloc[0]
    broad = found.action_figures.loc[found.action_figures["id"] == "ACT01", "note"].iloc[0]
    known = plural(int(whole["amounts_known"]), "montant connu", "montants connus")
    euros = quantity(whole["euros"], "euros") if whole["amounts_known"] else "aucun montant connu"
    money = f"{euros} ({known})" if whole["amounts_known"] else euros
    return f"{plural(int(whole['actions']), 'action')}, {broad}. {money}."


def _columns(covered: pd.DataFrame) -> list[tuple[str, str]]:
    pairs = covered[["criterion", "criterion_label"]].drop_duplicates()
    return [(str(code), str(label)) for code, label in pairs.itertuples(index=False)]


def _head(covered: pd.DataFrame) -> str:
    titles = [("apart" if code == ALL_CRITERIA else "criterion", label) for code, label in _columns(covered)]
    titles += [("apart", label.capitalize()) for label in SCALE_LABELS.values()]
    cells = (f'<th scope="col" class="{kind}"><span>{_text(label)}</span></th>' for kind, label in titles)
    return f"<tr><td></td>{''.join(cells)}</tr>"


def _body(found: ActionTables, signalled: set[tuple[str, str]]) -> str:
    counts = found.action_coverage.set_index(["domain", "criterion"])["actions"].to_dict()
    levels = found.action_levels.set_index(["domain", "level"])["actions"].to_dict()
    domains = found.action_coverage[["domain", "domain_label"]].drop_duplicates()
    rows = []
    for domain, label in domains.itertuples(index=False):
        cells = [
            _cell(int(counts[domain, code]), apart=code == ALL_CRITERIA, signal=(domain, code) in signalled)
            for code, _ in _columns(found.action_coverage)
        ]
        cells += [_cell(int(levels[domain, level]), apart=True) for level in _LEVELS]
        rows.append(f'<tr><th scope="row">{_text(str(label))}</th>{"".join(cells)}</tr>')
    return "".join(rows)


def _cell(count: int, *, apart: bool, signal: bool = False) -> str:
    if count:
        return f'<td class="{"wide" if apart else "some"}">{number(count)}</td>'
    kind = "signal" if signal and not apart else "none"
    said = _text(_SAID[kind])
    return f'<td class="{kind}" title="{said}"><span aria-hidden="true">{_MARKS[kind]}</span><i>{said}</i></td>'


def _reasons(reasons: pd.DataFrame) -> str:
    parts = []
    for kind, words in (("ecueils", "Ce qui freine"), ("leviers", "Ce qui aide")):
        named = reasons[(reasons["kind"] == kind) & (reasons["actions"] > 0)].head(3)
        said = enumeration(f"{row['label'].lower()} ({row['actions']})" for row in named.to_dict("records"))
        parts.append(f"{words} : {said or 'rien de noté'}.")
    return " ".join(parts)
