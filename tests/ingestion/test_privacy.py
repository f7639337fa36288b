"""Nothing personal passes: forty kinds of personal data planted, none found afterwards."""

import csv
import io
import logging
import traceback

import numpy as np
import pytest

from diagnostic.errors import DiagnosticError, InputError, RefusedError
from diagnostic.ingestion.privacy import Decision, coordinates, inspect, set_aside, strip
from diagnostic.ingestion.survey.choices import choices, question_states
from diagnostic.ingestion.survey.export import Form, Question, QuestionKind
from diagnostic.ingestion.survey.reader import read_export
from diagnostic.ingestion.survey.rules import RULES, Action

# Title, value, and whether the value is told by its shape alone when the title says nothing.
CANARIES = [
    ("Nom", "Zwingelstein", False), ("Prénom", "Radegonde", False),
    ("Nom et prénom", "Zwingelstein Radegonde", False),
    ("Nom de jeune fille", "Vandeputte-Xx", False), ("E-mail", "radegonde.z@exemple.fr", True),
    ("Adresse e-mail", "rz (at) exemple.org", True), ("Téléphone", "06 12 34 56 78", True),
    ("Portable", "+33612345678", True), ("Numéro de téléphone fixe", "03.20.11.22.33", True),
    ("Adresse IP", "192.168.37.41", True), ("ipaddr", "2a01:cb00:1234:5678:9abc:def0:1234:5678", True),
    ("token", "gX7kQ2mZp9LwT4v", False), ("Code d'invitation", "ABCDEF987654", False),
    ("Date de naissance", "14/07/1983", True), ("Quelle est votre date de naissance ?", "1983-07-14", True),
    ("Né(e) le", "le 14 juillet 1983", True), ("Adresse", "12 rue des Lilas, Roubaix", True),
    ("Adresse postale", "3 bis avenue Jean Lebas", True), ("Rue", "allée des Zinnias", False),
    ("Latitude", "50.690123", True), ("Longitude", "3.174567", True), ("GPS", "50.690321 3.174765 0 0", True),
    ("_geolocation", "[50.691111, 3.175555]", True), ("deviceid", "collect:a1b2c3d4e5", True),
    ("IMEI", "356938035643809", True), ("Adresse MAC", "00:1b:44:11:3a:b7", True),
    ("_uuid", "6f1d9f9c-1a2b-4c3d-8e4f-5a6b7c8d9e0f", True), ("refurl", "https://exemple.fr/u/radegonde", True),
    ("Facebook", "@radegonde_zw", True), ("IBAN", "FR76 3000 6000 0112 3456 7890 189", True),
    ("Immatriculation", "GK-417-QZ", True), ("N° allocataire", "dossier n° 7654321Z", True),
    ("Enquêteur", "Hildegarde K.", False), ("_submitted_by", "compte_hildegarde", False),
    ("startdate", "2025-03-11 14:00:37", False), ("seed", "123498765", False),
    ("Matricule", "MAT-55-XYZ-001", False),
    ("Photo", "IMG_20250311_radegonde.jpg", False), ("Signature", "R. Zwg", False),
    ("Carte de séjour", "titre de sejour 9912345678", True),
    ("Un mot ?", "M. Zorglub du guichet m'a refusée", True),
    ("Quel agent ?", "Madame Krapoutchik", True),
]  # fmt: skip
PERSONS = 12
MOTIVES = {"SQ001": "L'origine, la nationalité ou la couleur de peau", "SQ002": "La religion", "SQ003": "Le sexe",
           "SQ004": "L'âge", "SQ005": "Le lieu de résidence, le quartier", "SQ098": "Ne sait pas"}  # fmt: skip
SYSTEM = ["id", "submitdate", "lastpage", "startlanguage"]


@pytest.fixture
def form():
    """Two questions of the emulated exports."""
    motives = Question("motifs", "Selon vous, pour quels motifs ?", QuestionKind.MULTIPLE, MOTIVES)
    return Form("enquete.toml", "codebook", "fr", (Question("qpv", "Votre quartier", QuestionKind.TEXT), motives))


def every_text(export):
    """All that an export holds, its guarded options and spellings included."""
    parts = [export.answers.to_csv(), repr(export), str(export.notes), export.states.to_csv()]
    for question in export.questions:
        parts += [repr(question), str(dict(question.options)), str(dict(question.spellings)), question.text]
    return "\n".join(parts)


def write(path, titles, rows, delimiter=","):
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows([titles, *rows])
    path.write_bytes(stream.getvalue().encode("utf-8-sig"))
    return path


def planted(path, titles):
    """One canary a column, in one row of twelve or in all of them."""
    rows = []
    for rank in range(1, PERSONS + 1):
        values = [value if rank % 2 else "" for _, value, _ in CANARIES]
        rows.append([str(rank), "2025-03-11 14:05:00", "4", "fr", *values, "Oui" if rank % 3 else "Non"])
    return write(path, [*SYSTEM, *titles, "demarche"], rows)


def assert_absent(text, values):
    leaked = [value for value in values if value in text]
    assert leaked == []


def test_there_are_forty_kinds():
    assert len({value for _, value, _ in CANARIES}) >= 40


def test_no_canary_passes_under_its_title(tmp_path, caplog, capsys):
    caplog.set_level(logging.DEBUG)
    values = [value for _, value, _ in CANARIES]
    export = read_export(planted(tmp_path / "enquete.csv", [title for title, _, _ in CANARIES]))
    found = inspect(export)
    stripped, detections = strip(export)
    shown = "\n".join([*map(str, found), *map(repr, detections), repr(export), str(export.notes), caplog.text])
    assert_absent(shown + "".join(capsys.readouterr()), values)
    assert_absent(every_text(stripped), values)
    assert "demarche" in stripped.answers
    assert not set(SYSTEM) & set(stripped.answers)
    assert len(stripped.answers) == PERSONS


def test_no_canary_passes_under_a_title_that_says_nothing(tmp_path):
    values = [value for _, value, _ in CANARIES]
    titles = [f"q{rank}" for rank in range(len(CANARIES))]
    # Rare values, as a person's own are: each appears once.
    rows = []
    for rank in range(1, PERSONS + 1):
        cells = [value if rank == 3 else "" for value in values]
        rows.append([str(rank), "2025-03-11 14:05:00", "4", "fr", *cells, "Oui" if rank % 3 else "Non"])
    export = read_export(write(tmp_path / "enquete.csv", [*SYSTEM, *titles, "demarche"], rows))
    stripped, found = strip(export)
    assert_absent("\n".join(map(str, found)), values)
    # Numbers without a shape of their own (a seed, a single coordinate) tell nobody by themselves.
    plain = {"123498765", "50.690123", "3.174567"}
    kept = stripped.answers.to_csv() + "".join(str(dict(q.options)) for q in stripped.questions)
    assert_absent(kept, [value for value in values if value not in plain])


@pytest.mark.parametrize(
    "value", [value for _, value, shape in CANARIES if (shape and " " in value) or "@" in value]
)
def test_no_canary_passes_inside_a_free_text_or_beside_other(tmp_path, value):
    head = [*SYSTEM, "motifs[SQ001]", "motifs[other]", "avis"]
    rows = [[str(n), "2025-03-11 14:05:00", "4", "fr", "Y" if n % 2 else "", f"chez {value}",
             f"voir {value}, merci" if n == 2 else f"rien à dire de plus {n}"] for n in range(1, 6)]  # fmt: skip
    export = read_export(write(tmp_path / "e.csv", head, rows))
    stripped, found = strip(export)
    assert_absent(every_text(stripped) + "".join(map(str, found)), [value])
    assert question_states(stripped, "motifs").tolist() == ["answered"] * 5, "states outlive the text"
    assert stripped.states["avis"].tolist() == ["answered"] * 5


def test_no_canary_passes_in_a_cell_of_several_answers(tmp_path, form):
    value = "écrire à radegonde.z@exemple.fr"
    motives = "Le sexe, " + value + ", La religion"
    titles = ["Horodateur", *(question.text for question in form.questions)]
    path = write(tmp_path / "g.csv", titles, [["11/03/2025 14:05:00", "", motives]])
    export = read_export(path, form=form)
    assert choices(export, "motifs").other.tolist() == [value]
    stripped, found = strip(export)
    assert_absent(every_text(stripped) + "".join(map(str, found)), [value, "radegonde"])
    states = choices(stripped, "motifs").states
    assert states[["SQ002", "SQ003"]].iloc[0].tolist() == ["answered", "answered"]


def test_an_error_on_a_file_of_canaries_carries_none(tmp_path):
    values = [value for _, value, _ in CANARIES]
    path = planted(tmp_path / "enquete.csv", [title for title, _, _ in CANARIES])
    data = path.read_bytes()
    for damaged in (data[: len(data) * 2 // 3], data[: len(data) // 2] + b'"\n', data + ",".join(values).encode()):
        path.write_bytes(damaged)
        try:
            export = read_export(path)
        except DiagnosticError as error:
            text = "".join(traceback.format_exception(error)) + repr(error.faults)
        else:
            text = str(export.notes) + repr(export)
        assert_absent(text, values)


def test_a_file_full_of_emails_is_stripped_and_counted(tmp_path):
    rows = [[f"personne{n}@exemple.fr", f"personne{n}@exemple.fr", "Oui"] for n in range(30)]
    export = read_export(write(tmp_path / "e.csv", ["contact", "autre contact", "demarche ?"], rows))
    stripped, found = strip(export)
    assert list(stripped.answers.columns) == ["demarche ?"]
    assert [(detection.what, detection.count) for detection in found] == [("email", 30), ("email", 30)]
    assert "article 5.1.c" in found[0].text


@pytest.mark.parametrize(
    ("title", "what"),
    [
        ("Quelle est votre race ?", "ethnicity"), ("Votre origine ethnique", "ethnicity"),
        ("Quelles sont vos opinions politiques ?", "politics"), ("Pour qui avez-vous voté ?", "politics"),
        ("Êtes-vous syndiqué(e) ?", "union"), ("De quelle maladie souffrez-vous ?", "health"),
        ("Avez-vous déjà été condamné ?", "offences"), ("Numéro de sécurité sociale", "nir"),
    ],
)  # fmt: skip
def test_what_must_not_be_collected_refuses_the_file(tmp_path, title, what):
    rows = [["Oui", "Secret1"], ["Non", "Secret2"], ["Oui", "Secret1"], ["Non", "Secret2"]]
    export = read_export(write(tmp_path / "e.csv", ["demarche", title], rows))
    assert [detection.what for detection in inspect(export)] == [what]
    with pytest.raises(RefusedError, match=r"interdit par|refusé par choix de l’outil") as caught:
        strip(export)
    assert caught.value.faults[0].column == title
    assert "Secret" not in str(caught.value)
    stripped, _ = strip(export, decisions={title: Decision.REMOVE})
    assert list(stripped.answers.columns) == ["demarche"]


def test_a_closed_list_of_races_is_seen_by_its_answers(tmp_path):
    rows = [[answer, "Oui"] for answer in ("Blanc", "Noir", "Arabe", "Blanc", "Noir", "Arabe")]
    export = read_export(write(tmp_path / "e.csv", ["q7", "demarche"], rows))
    with pytest.raises(RefusedError, match="2007-557 DC"):
        strip(export)


@pytest.mark.parametrize(
    ("title", "what"),
    [
        ("Quelle est votre religion ?", "religion"), ("Votre orientation sexuelle", "orientation"),
        ("Êtes-vous en situation de handicap ?", "disability"), ("Quelle est votre nationalité ?", "nationality"),
        ("Votre pays de naissance", "birthplace"), ("Comment pensez-vous être perçu(e) ?", "perceived_origin"),
        ("Votre identité de genre", "gender_identity"),
    ],
)  # fmt: skip
def test_a_sensitive_characteristic_needs_a_recorded_decision(tmp_path, title, what):
    export = read_export(write(tmp_path / "e.csv", ["demarche", title], [["Oui", "A"], ["Non", "B"]] * 3))
    (detection,) = inspect(export)
    assert (detection.what, detection.action) == (what, Action.WARN)
    assert list(strip(export)[0].answers.columns) == ["demarche"]
    kept, found = strip(export, decisions={title: Decision.KEEP})
    assert list(kept.answers.columns) == ["demarche", title]
    assert found == [detection]


def test_perceived_grounds_and_places_are_never_taken_for_the_person(shared, form):
    export = read_export(shared / "survey/formats/emulated/limesurvey_texte_long_virgule.csv", form=form)
    stripped, _ = strip(export, decisions={"qpv": Decision.KEEP})
    kept = {question.code for question in stripped.questions}
    assert {"qpv", "motifs"} < kept
    assert len(kept) == 6
    assert question_states(stripped, "motifs").tolist() == question_states(export, "motifs").tolist()
    assert "accent" not in every_text(stripped)


def test_quarters_named_after_people_stay(tmp_path):
    rows = [[place, "Oui"] for place in ("Pierre Curie", "Jean Jaurès", "Pierre Curie", "Jean Jaurès")]
    export = read_export(write(tmp_path / "e.csv", ["Votre quartier ?", "demarche ?"], rows))
    stripped, found = strip(export)
    assert found == []
    assert stripped.answers["Votre quartier ?"].tolist() == [row[0] for row in rows]


def test_an_identity_cannot_be_kept_by_decision(tmp_path):
    export = read_export(write(tmp_path / "e.csv", ["Nom", "demarche"], [["Zorglub", "Oui"]]))
    with pytest.raises(RefusedError, match="ne peut pas conserver"):
        strip(export, decisions={"Nom": Decision.KEEP})


def test_free_text_is_set_aside_with_names_and_numbers_masked(tmp_path):
    texts = ["Fatima Ben Salah m'a dit non", "appelez le 06 12 34 56 78", "Mme. Krapoutchik, à la CAF", "rien"]
    export = read_export(write(tmp_path / "e.csv", ["avis", "demarche"], [[text, "Oui"] for text in texts]))
    assert set_aside(export)["avis"].tolist() == [
        "[retiré] m'a dit non", "appelez le [retiré]", "[retiré], à la CAF", "rien",
    ]  # fmt: skip
    assert strip(export)[0].answers["avis"].tolist() == [""] * 4


def test_every_rule_says_who_forbids():
    told = ("interdit par", "refusé par choix de l’outil", "donnée sensible", "admis")
    assert all(rule.text.startswith(told) for rule in RULES)
    assert all(rule.action is Action.WARN or rule.text.startswith(told[:2]) for rule in RULES)


def test_coordinates_are_given_in_memory_and_faults_have_lines_only(tmp_path):
    path = write(
        tmp_path / "e.csv", ["lat", "lon", "d ?", "e ?"], [["50,69", "3,17", "Oui", "a"], ["", "", "Non", "b"]]
    )
    longitudes, latitudes = coordinates(read_export(path), "lon", latitude="lat")
    assert longitudes[0] == pytest.approx(3.17)
    assert np.isnan(latitudes[1])
    write(path, ["lat", "lon", "d ?", "e ?"], [["50,69", "3,17", "Oui", "a"], ["chez Zorglub", "191", "Non", "b"]])
    with pytest.raises(InputError) as caught:
        coordinates(read_export(path), "lon", latitude="lat")
    assert [(fault.line, fault.column) for fault in caught.value.faults] == [(3, "lon"), (3, "lat")]
    assert "Zorglub" not in str(caught.value)
    with pytest.raises(InputError, match="absente"):
        coordinates(read_export(path), "x", latitude="lat")


def test_neighbouring_decimal_degrees_are_coordinates_and_weights_are_not(tmp_path):
    rows = [["50.69012", "3.17456", "1.03921", "Oui"], ["50.69512", "3.17956", "0.98312", "Non"]] * 3
    export = read_export(write(tmp_path / "e.csv", ["a", "b", "poids", "d"], rows))
    assert {detection.column for detection in inspect(export)} == {"a", "b"}
    assert list(strip(export)[0].answers.columns) == ["poids", "d"]


def test_the_real_barometer_keeps_its_opinions(shared):
    export = read_export(shared / "survey/microdata/drees_barometre_opinion_2020__data_acmR.dta")
    found = {detection.column: detection.what for detection in inspect(export)}
    assert found["sdnat"] == "nationality"
    assert found["sa4"] == "health"
    assert not {"cs9", "npoids", "poids", "sdsexe", "og5_5", "ps13_a_1"} & set(found)
