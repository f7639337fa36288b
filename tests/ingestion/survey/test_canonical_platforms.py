"""The same eight respondents, exported by several platforms, give the same canonical tables."""

import pytest
from survey_builder import codebook

from diagnostic.ingestion.survey.canonical import canonical
from diagnostic.ingestion.survey.codebook import declared_form
from diagnostic.ingestion.survey.reader import read_export, read_form
from diagnostic.territory.places import Territory

PARIS = Territory(
    "Exemple", 2024, ("QN07501M", "QN07502M", "QN07503M"), ("200054781",), ("75056",), ("75",), ("11",), None
)
LABELS = {code: code for code in PARIS.qpv}
FILTER = {"cle": "experience_5_ans", "valeurs": ["souvent", "parfois"]}
CODED = {
    "experience_5_ans": {
        "question": "disc5",
        "modalites": {"A1": "souvent", "A2": "parfois", "A3": "jamais", "A4": "nsp", "A5": "refus"},
    },
    "motifs": {"question": "motifs", "filtre": FILTER, "modalites": {
        "SQ001": "origine", "SQ002": "religion", "SQ003": "sexe", "SQ004": "age", "SQ005": "quartier",
        "SQ098": "nsp",
    }},
    "domaines": {"question": "lieux", "filtre": FILTER, "modalites": {
        "SQ001": "emploi_prive", "SQ002": "logement_prive", "SQ003": "education", "SQ004": "police_gendarmerie",
    }},
    "age": {"question": "age", "tranches": True},
}  # fmt: skip
WORDED = {
    "experience_5_ans": {
        "question": "Au cours des cinq dernières années, pensez-vous avoir subi des traitements inégalitaires ou "
        "des discriminations ?",
    },
    "motifs": {"question": "Selon vous, pour quels motifs ?", "filtre": FILTER, "modalites": {
        "L'origine, la nationalité ou la couleur de peau": "origine", "La religion": "religion", "Le sexe": "sexe",
        "L'âge": "age", "Le lieu de résidence, le quartier": "quartier", "Ne sait pas": "nsp", "Autre": "autre",
    }},
    "domaines": {"question": "Dans quels lieux ou situations ?", "filtre": FILTER, "modalites": {
        "La recherche d'emploi": "emploi_prive", "Le logement": "logement_prive",
        "L'école, la formation": "education", "La police": "police_gendarmerie",
    }},
    "age": {"question": "Votre âge", "tranches": True},
}  # fmt: skip
FILES = {
    "limesurvey_code_court_virgule.csv": (CODED, "qpv"),
    "limesurvey_code_court_pointvirgule.csv": (CODED, "qpv"),
    "limesurvey_code_court_conversion_1_0.csv": (CODED, "qpv"),
    "limesurvey_code_long_tab.csv": (CODED, "qpv"),
    "limesurvey_texte_long_virgule.csv": (WORDED, "Votre quartier"),
    "google_forms_telecharge.csv": (WORDED, "Votre quartier"),
    "google_sheets_export.xlsx": (WORDED, "Votre quartier"),
    "framaforms_separe_utf8.csv": (WORDED, "Votre quartier"),
    "framaforms_excel_ancien_utf16.xls": (WORDED, "Votre quartier"),
}


def tables(shared, name):
    questions, quarter = FILES[name]
    book = codebook(questions=questions, quartier={"question": quarter, "par": "code", "generation": 2024})
    path = shared / "survey" / "formats" / "emulated" / name
    form = declared_form(book) if name.startswith("google") else None
    return canonical(read_export(path, form=form), book, territory=PARIS, labels=LABELS)


def people(read):
    """Everything said, by age and quarter: ranks differ where a platform has no unfinished questionnaire."""
    rows = read.responses
    found = {}
    for row in rows.itertuples():
        ticked = read.choices[read.choices["respondent"] == row.respondent]
        said = {
            concept: frozenset(ticked.loc[ticked["concept"] == concept, "option"])
            for concept in ("motives", "domains")
        }
        who = tuple(str(value) for value in (row.qpv, row.qpv_status, row.age_group, row.experience_5y))
        found.setdefault(who, []).append(tuple(said.values()))
    return found


@pytest.mark.parametrize("name", list(FILES))
def test_what_was_said_does_not_depend_on_the_platform(shared, name):
    read = tables(shared, name)
    reference = people(tables(shared, "limesurvey_code_court_virgule.csv"))
    found = people(read)
    assert frozenset({"sexe", "autre"}) in {motives for several in found.values() for motives, _ in several}
    if name.startswith("limesurvey"):
        assert found == reference
        assert read.identity.incomplete == 1
    else:
        # These formats do not say who left before the end: that person is there too.
        assert all(said in found.get(who, ()) for who, several in reference.items() for said in several)
        assert len(read.responses) >= sum(len(several) for several in reference.values())
    states = read.responses
    asked = states["experience_5y"].astype(str).isin(["souvent", "parfois"])
    assert (states.loc[~asked, "motives__state"] == "not_asked").all()
    assert not (states.loc[asked, "motives__state"] == "not_asked").any()
    assert not any("accent" in note for note in read.notes)


KOBO = {
    "experience_5_ans": {"question": "disc5"},
    "motifs": {"question": "motifs", "filtre": FILTER, "modalites": {"sante": "sante_handicap"}},
    "domaines": {"question": "domaines", "filtre": FILTER, "modalites": {
        "emploi": "emploi_prive", "logement": "logement_prive", "ecole": "education", "admin": "services_publics",
        "police": "police_gendarmerie",
    }},
    "age": {"question": "age", "tranches": True},
}  # fmt: skip


@pytest.mark.parametrize("mode", ["both", "details", "summary"])
@pytest.mark.parametrize("layout", ["xml", "xml_groupes", "libelles", "libelles_groupes"])
def test_every_layout_of_kobo_gives_the_same_tables(shared, mode, layout):
    folder = shared / "survey" / "formats" / "kobo_formpack_fr"
    form = read_form(folder / "xlsform_ressenti.xlsx")
    book = codebook(questions=KOBO, quartier={"question": "qpv", "par": "code", "generation": 2024})
    read = canonical(
        read_export(folder / f"export_{mode}_{layout}.csv", form=form), book, territory=PARIS, labels=LABELS
    )
    reference = canonical(
        read_export(folder / "export_both_xml.csv", form=form), book, territory=PARIS, labels=LABELS
    )
    assert people(read) == people(reference)
    assert len(read.responses) == len(reference.responses)
    assert read.responses["motives__state"].tolist() == reference.responses["motives__state"].tolist()
