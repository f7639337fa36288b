"""The lead's settings: read back as written, every fault at once."""

from datetime import date

import pytest

from diagnostic.config import (
    TerritorySection,
    load_configuration,
    parse_configuration,
    render_configuration,
)  # fmt: skip
from diagnostic.errors import ConfigurationError

SECTION = TerritorySection(
    nom='Agglo « L’Exemple " »', generation=2024, epci=["200043396"], qpv=["QN05910M", "QN05911M"]
)


def test_what_init_writes_reads_back_equal(tmp_path):
    path = tmp_path / "diagnostic.toml"
    path.write_text(render_configuration(SECTION, date(2026, 1, 31)), encoding="utf-8")
    configuration = load_configuration(path)
    assert configuration.territoire == SECTION
    assert configuration.publication.date_edition == date(2026, 1, 31)


def test_a_file_saved_by_notepad_with_a_bom_is_read(tmp_path):
    path = tmp_path / "diagnostic.toml"
    path.write_text(render_configuration(SECTION, date(2026, 1, 31)), encoding="utf-8-sig")
    assert load_configuration(path).territoire.qpv == SECTION.qpv


def test_all_faults_at_once_with_the_nearest_key():
    raw = {"territoire": {"nom": "X", "generaton": 2015, "qpv": [], "generation": 2019}, "comparateur": {}}
    with pytest.raises(ConfigurationError) as caught:
        parse_configuration(raw)
    text = str(caught.value)
    assert len(caught.value.faults) == 4
    assert "vouliez-vous écrire « generation »" in text
    assert "vouliez-vous écrire « comparateurs »" in text
    assert "2015 ou 2024" in text
    assert "liste vide" in text


@pytest.mark.parametrize(
    ("content", "expected"),
    [(b"[territoire", "syntaxe illisible"), ("[territoire]\nnom = 'é'".encode("cp1252"), "UTF-8")],
    ids=["cut", "latin-1"],
)
def test_unreadable_files_say_what_to_do(tmp_path, content, expected):
    path = tmp_path / "diagnostic.toml"
    path.write_bytes(content)
    with pytest.raises(ConfigurationError, match=expected):
        load_configuration(path)


def test_a_folder_that_is_not_one_says_how_to_make_it(tmp_path):
    with pytest.raises(ConfigurationError, match="diagnostic init"):
        load_configuration(tmp_path / "diagnostic.toml")


def test_the_network_section_takes_no_password_and_repeats_none():
    territory = {"nom": "X", "qpv": ["QP059001"]}
    network = {"proxy": "http://moi:secret@proxy:3128", "attente": 0, "tls": False}
    raw = {"territoire": territory, "reseau": network}
    with pytest.raises(ConfigurationError) as caught:
        parse_configuration(raw)
    text = str(caught.value)
    assert len(caught.value.faults) == 3
    assert "sans identifiant ni mot de passe" in text
    assert "secret" not in text
    assert "clés admises : proxy, certificat, attente" in text


def test_the_network_section_is_optional_and_read():
    territory = {"nom": "X", "qpv": ["QP059001"]}
    assert parse_configuration({"territoire": territory}).reseau.proxy is None
    settings = {"proxy": "http://proxy.ville.fr:3128", "certificat": "ville.pem", "attente": 60}
    read = parse_configuration({"territoire": territory, "reseau": settings}).reseau
    assert (read.proxy, read.certificat, read.attente) == tuple(settings.values())


def faults(**territory):
    with pytest.raises(ConfigurationError) as caught:
        parse_configuration({"territoire": {"nom": "X", "qpv": ["QP099001"], **territory}})
    return str(caught.value)


def test_a_number_that_is_no_siren_is_refused():
    text = faults(epci=["20004339"])
    assert "ce n’est pas un numéro SIREN" in text
    assert "neuf chiffres" in text


def test_a_quarter_written_twice_is_refused():
    text = faults(qpv=["QP099001", "QP099002", "QP099001"])
    assert "quartier écrit deux fois" in text
    assert "Trouvé\u00a0: QP099001. " in text


def test_a_key_of_a_toml_file_is_called_a_key_and_a_question_ends_as_one():
    text = faults(generaton=2015)
    assert "clé « territoire > generaton »" in text.replace("\u00a0", " ")
    assert text.endswith("« generation » ?")


def test_a_french_date_says_how_to_write_it(tmp_path):
    path = tmp_path / "diagnostic.toml"
    text = render_configuration(SECTION, date(2026, 1, 31)).replace("2026-01-31", "31/01/2026")
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError, match="2026-12-31"):
        load_configuration(path)


def test_settings_that_may_not_be_read_say_what_to_do(tmp_path):
    (tmp_path / "diagnostic.toml").mkdir()  # what no user may read, root included
    with pytest.raises(ConfigurationError, match="fermez-le s’il est ouvert ailleurs"):
        load_configuration(tmp_path / "diagnostic.toml")
