"""A small invented testing campaign, and the small tables that a lead keeps beside the inventory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

TESTING_SEED: Final = 20250901
OFFERS: Final = 240
UNPAIRED: Final = 6  # offers gone before the second call
_SECTORS: Final = {"agence immobilière": 0.55, "particulier": 0.35, "bailleur privé": 0.10}
_CANDIDATES: Final = (("France", "hors quartier"), ("Maghreb", "hors quartier"), ("France", "quartier"),
                      ("Maghreb", "quartier"))  # fmt: skip
_LEVEL, _SPREAD = 0.42, 0.30
_PENALTIES: Final = (0.0, 0.17, 0.04, 0.20)

DECLARATION: Final = """\
# Campagne inventée, pour la démonstration.
[testing]
titre = "Testing par courriel, location privée (données fictives)"
domaine = "logement_prive"
periode = "mars à septembre 2025"
source = "Observatoire du Septentrion (fictif)"
fichier = "testing.csv"
offre = "annonce"
reponse = "reponse"
favorable = ["visite proposée"]
defavorable = ["refus", "sans réponse"]
secteur = "secteur"
ignorer = ["agence"]

[reference]
origine = "France"
adresse = "hors quartier"

[criteres]
origine = "origine"
adresse = "lieu_residence"
"""
RECOURSE: Final = """\
nature;perimetre;annee;nombre;source
Réclamations au Défenseur des droits;Département;2023;41;Rapport annuel fictif
Réclamations au Défenseur des droits;Département;2024;37;Rapport annuel fictif
Réclamations reçues par les délégués du Défenseur des droits;Contrat de ville;2024;12;Délégué, données fictives
Entretiens dans les points-justice;Contrat de ville;2024;164;Point-justice de Valbrecques, données fictives
Plaintes pour discrimination enregistrées;Département;2024;22;Statistiques fictives
Affaires poursuivies;Département;2024;4;Parquet fictif
Affaires classées sans suite;Département;2024;13;Parquet fictif
"""
CREDITS: Final = """\
annee;montant;source
2025;1 860 000,00 €;Programmation fictive du contrat de ville
"""
ACCESS: Final = """\
qpv;minutes;lieu;source;latitude;longitude
;;Point-justice de Valbrecques (fictif);Relevé fictif;50,2781;0,9802
;;Délégué du Défenseur des droits, Marbœuvre (fictif);Relevé fictif;50,2571;0,9868
"""


def write_campaign(folder: Path, *, seed: int = TESTING_SEED) -> Path:
    """Write the csv of the campaign and its declaration.

    Parameters
    ----------
    folder
        Where to write; made if need be.
    seed
        Of every answer: the same seed gives the same bytes.

    Returns
    -------
    pathlib.Path
        ``testing.toml``; ``testing.csv`` lies beside it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng([seed, 7])
    names, weights = list(_SECTORS), list(_SECTORS.values())
    lines = ["annonce;agence;secteur;origine;adresse;reponse"]
    for offer in range(1, OFFERS + 1):
        sector = names[int(rng.choice(len(names), p=weights))]
        ease = _LEVEL + _SPREAD * (rng.random() - 0.5) * 2
        draw = rng.random()  # one mood an offer: what makes matched answers alike
        for rank, (origin, address) in enumerate(_CANDIDATES):
            own = 0.75 * draw + 0.25 * rng.random()
            answer = "visite proposée" if own < ease - _PENALTIES[rank] else ("refus", "sans réponse")[rank % 2]
            if offer > OFFERS - UNPAIRED and rank:
                continue
            lines.append(f"annonce {offer};Agence fictive {offer % 37};{sector};{origin};{address};{answer}")
    (folder / "testing.csv").write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    declaration = folder / "testing.toml"
    declaration.write_text(DECLARATION, encoding="utf-8", newline="\n")
    return declaration


def write_lead_tables(folder: Path) -> tuple[Path, ...]:
    """Write the tables of recourse, of credits and of the places of access to the law.

    Parameters
    ----------
    folder
        Where to write; made if need be.

    Returns
    -------
    tuple of pathlib.Path
        ``recours.csv``, ``credits_p147.csv`` and ``acces_droit.csv``.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = tuple(folder / f"{name}.csv" for name in ("recours", "credits_p147", "acces_droit"))
    for path, text in zip(paths, (RECOURSE, CREDITS, ACCESS), strict=True):
        path.write_text(text, encoding="utf-8", newline="\n")
    return paths
