"""What each published column means, in French: dictionary sheet and row over the codes of the workbooks."""

from __future__ import annotations

_SEX = {"F": "femmes", "H": "hommes"}
_GROUPS = {"TOT": "ensemble", "F": "femmes", "ET": "étrangers"}
_RATES = {
    "EMPL": "Taux d'emploi des 15-64 ans",
    "EDLIM": "Part des emplois à durée limitée",
    "0A24": "Part des moins de 25 ans",
    "60ETPLUS": "Part des 60 ans et plus",
    "MEN1": "Part des ménages d'une personne",
    "MEN6": "Part des ménages de six personnes et plus",
}
_SEEKERS = {
    "ABCDE": "Demandeurs d'emploi, catégories A à E",
    "ABC": "Demandeurs d'emploi, catégories A, B, C",
    "A": "Demandeurs d'emploi, catégorie A",
}
_SLICES = {
    "RSA": "bénéficiaires du RSA",
    "25": "moins de 26 ans",
    "2649": "26 à 49 ans",
    "50": "50 ans et plus",
    "FR": "de nationalité française",
    "E": "de nationalité étrangère",
    "INFCAPBEP": "niveau inférieur au CAP-BEP",
    "CAPBEP": "niveau CAP-BEP",
    "BAC": "niveau baccalauréat",
    "SUPBAC": "niveau supérieur au baccalauréat",
    "DUR1": "inscrits depuis moins de 6 mois",
    "DUR2": "inscrits depuis 6 mois à moins d'un an",
    "DUR3": "inscrits depuis 1 an à moins de 2 ans",
    "DUR4": "inscrits depuis 2 ans et plus",
}
_QUANTILES = {
    "Q1": "Premier quartile",
    "Q2": "Médiane",
    "Q3": "Troisième quartile",
    "D1": "Premier décile",
    "D9": "Neuvième décile",
    "D1D9": "Rapport interdécile",
}
_NOTES = {
    "RP": "recensement",
    "CNAF": "Cnaf",
    "ASP": "contrats aidés",
    "ASP_E": "évolution des contrats aidés",
    "PE": "Pôle emploi",
    "PE_T": "évolution des demandeurs d'emploi",
    "FILO": "Filosofi",
    "CNAM": "Cnam",
}
_SINGLE = {
    "CODGEO": "Code géographique",
    "LIBGEO": "Libellé géographique",
    "POP_MUN": "Population municipale",
    "POP_COM_QP": "Population des quartiers de la ou des communes",
    "POP_COM": "Population de la ou des communes",
    "LIB_COM": "Libellé de la ou des communes",
    "TX_F": "Part des femmes",
    "TX_TOT_ET": "Part des étrangers",
    "TX_F_ET": "Part des étrangères parmi les femmes",
    "IND_JEUNE": "Indice de jeunesse",
    "PERCOU": "Personnes couvertes par la Caf",
    "AM": "Allocataires en famille monoparentale",
    "AI": "Allocataires isolés",
    "ACSSENF": "Allocataires en couple sans enfant",
    "ACAVENF": "Allocataires en couple avec enfant(s)",
    "AC3ENF": "Allocataires en couple avec trois enfants et plus",
    "A_NETUD_24": "Allocataires de moins de 25 ans non étudiants",
    "A_ETUD": "Allocataires étudiants",
    "ENF": "Enfants couverts par la Caf",
    "CA": "Bénéficiaires d'un contrat aidé",
    "EVOL_CA_N_E": "Évolution annuelle des contrats aidés (%)",
    "PMIMP": "Part des ménages fiscaux imposés",
    "BREV": "Taux de bas revenus déclarés",
    "TP60": "Taux de pauvreté au seuil de 60 %",
    "PACT": "Part des revenus d'activité",
    "PPEN": "Part des pensions, retraites et rentes",
    "PPSOC": "Part des prestations sociales",
    "PIMPOT": "Part des impôts",
    "PPAT": "Part des revenus du patrimoine",
    "C": "Bénéficiaires de la Cnam",
    "C_C2SNP": "Bénéficiaires de la C2S non participative",
    "C_C2SP": "Bénéficiaires de la C2S participative",
    "CC2S": "Bénéficiaires de la C2S",
    "APPA": "Allocataires de la prime d'activité",
    "ARSAS": "Allocataires du RSA socle",
    "AAAH": "Allocataires de l'AAH",
}
_GRADES = {
    "E6": "sixième",
    "E3": "troisième",
    "E0_GT": "terminale générale et technologique",
    "E0_PRO": "terminale professionnelle",
}
_SINGLE |= {
    "TX_NSNE_16A25": "Part des 16-25 ans non scolarisés et sans emploi",
    **{f"EFF_{grade}": f"Élèves de {label}" for grade, label in _GRADES.items()},
    **{f"RET_{grade}": f"Élèves de {label} en retard" for grade, label in _GRADES.items()},
}
_SINGLE |= {
    "codGeo": "Code géographique",
    "libGeo": "Libellé géographique",
    "nbLsPls": "Logements du parc locatif social",
    "txLsRp": "Part des logements sociaux dans les résidences principales",
    "partResPrinc": "Part des résidences principales",
    "partResVac": "Part des logements vacants",
    "partResPrincSurocc": "Part des résidences principales en sur-occupation",
    "partMenProp": "Part des ménages propriétaires",
    "txMobGlob": "Part des ménages emménagés depuis moins de deux ans",
    "txVac": "Taux de vacance du parc social",
    "txVac3m": "Taux de vacance de plus de trois mois du parc social",
    "txRot": "Taux de rotation du parc social",
    "txLsCol": "Part des logements sociaux collectifs",
    "txLsInd": "Part des logements sociaux individuels",
    "moyLoy": "Loyer moyen du parc social (€ par m²)",
}


def meaning(column: str, *, theme: str) -> str:
    """Say what a column holds.

    Parameters
    ----------
    column
        Published name, its trailing blank included.
    theme
        Name of the table: ``A`` counts job seekers in one and recipients in the others.

    Examples
    --------
    >>> meaning("ABC_BAC_F", theme="IPRO")
    "Demandeurs d'emploi, catégories A, B, C, niveau baccalauréat, femmes"
    >>> meaning("A", theme="REVN"), meaning("DISP_D9", theme="REVN")
    ('Allocataires de la Caf', 'Neuvième décile du revenu disponible par UC')
    """
    name = column.strip()
    if name in _SINGLE:
        return _SINGLE[name]
    head, _, rest = name.partition("_")
    if head == "TX":
        group, _, rate = rest.partition("_")
        return f"{_RATES[rate]}, {_GROUPS[group]}"
    if head == "EVOL":
        return f"Évolution annuelle (%), {meaning(rest.removesuffix('_T4'), theme=theme)}"
    patterns = {
        "NOTE": f"Note de diffusion, {_NOTES.get(rest)}",
        "DECUC": f"{_QUANTILES.get(rest)} du revenu déclaré par UC",
        "DISP": f"{_QUANTILES.get(rest)} du revenu disponible par UC",
        "ENF": f"Enfants couverts par la Caf, {rest.replace('_', ' à ')} ans",
    }
    if head in patterns:
        return patterns[head]
    return _seekers(name) if theme == "IPRO" else "Allocataires de la Caf"


def _seekers(name: str) -> str:
    """Say which job seekers a column of the register counts."""
    head, *slices = name.split("_")
    return ", ".join([_SEEKERS[head], *(_SLICES.get(part) or _SEX[part] for part in slices)])
