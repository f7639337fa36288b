"""Bytes of one file, whatever the network, the proxy or the server does on the way."""

import hashlib
import json
import socket

import pytest
import requests

from diagnostic.errors import ConfigurationError
from diagnostic.ingestion.fetch.failure import Cause, FetchError
from diagnostic.ingestion.fetch.network import Client, Network, SystemTrustAdapter
from diagnostic.ingestion.fetch.transfer import APART, Expected, receive

CONTENT = bytes(range(256)) * 1500  # several pieces
URL = "https://www.insee.fr/fr/statistiques/fichier/8644871/DEFM2024_QP24_csv.zip"


def etag(content):
    return f'"{hashlib.sha256(content).hexdigest()}"'


def status(code, **headers):
    return lambda handler, _: handler.reply(code, b"non", headers=headers)


def always(fault):
    fault.always = True
    return fault


def cut(at):
    """Announce the whole file, from where it was asked, and close the door after some bytes."""

    def fault(handler, content):
        start = int(handler.headers.get("Range", "bytes=0-").removeprefix("bytes=").rstrip("-"))
        rest = content[start:]
        headers = {"Content-Range": f"bytes {start}-{len(content) - 1}/{len(content)}"} if start else {}
        handler.reply(206 if start else 200, rest[:at], length=len(rest), mark=etag(content), headers=headers)
        handler.close_connection = True

    return fault


def stall(handler, content):
    handler.reply(200, content[:10], length=len(content))
    handler.wfile.flush()
    handler.producer.release.wait(5)
    handler.close_connection = True


def hang_up(handler, _):
    handler.close_connection = True
    handler.connection.shutdown(socket.SHUT_RDWR)


def whole(handler, content):
    """Send everything again, as a server that cannot resume does."""
    handler.reply(200, content)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "downloads" / "DEFM2024_QP24_csv.zip"


def left(path):
    return sorted(one.name for one in path.parent.rglob("*") if one.is_file()) if path.parent.exists() else []


def failed(client, path, **options):
    with pytest.raises(FetchError) as caught:
        receive(client, URL, path, **options)
    return caught.value


def test_a_file_arrives_whole_and_its_progress_is_told(producer, client, path):
    producer.publish(URL, CONTENT)
    told = []
    receive(client, URL, path, progress=lambda name, **state: told.append((name, state)))
    assert path.read_bytes() == CONTENT
    assert left(path) == [path.name]
    assert told[-1][0] == path.name
    assert told[-1][1]["received"] == told[-1][1]["total"] == len(CONTENT)


def test_a_file_already_there_with_its_hash_is_not_asked_for(producer, client, path):
    producer.publish(URL, CONTENT)
    expected = Expected(f"sha256:{hashlib.sha256(CONTENT).hexdigest()}", "2026-01-01")
    receive(client, URL, path, expected=expected)
    receive(client, URL, path, expected=expected)
    assert len(producer.asked(URL)) == 1


def test_a_server_that_is_down_is_asked_again_after_longer_and_longer(producer, client, path, time):
    producer.publish(URL, CONTENT, status(503), status(503), status(502))
    receive(client, URL, path)
    assert path.read_bytes() == CONTENT
    # One second between two requests is politeness, counted within the waits.
    assert time.slept == [1.0, 2.0, 4.0]


def test_a_server_that_stays_down_is_said_and_left_alone(producer, client, path, time):
    producer.publish(URL, CONTENT, always(status(503)))
    problem = failed(client, path)
    assert problem.cause is Cause.SERVER
    assert "en panne ou surchargé" in str(problem)
    assert len(producer.asked(URL)) == 5
    assert sum(time.slept) == 15


@pytest.mark.parametrize("header", ["40", "Wed, 04 Mar 2026 10:00:40 GMT"])
def test_the_wait_that_a_server_asks_for_is_kept(producer, client, path, time, header, monkeypatch):  # noqa: PLR0917 - fixtures
    monkeypatch.setattr("diagnostic.ingestion.fetch.transfer._seconds_until", lambda _: 40.0)
    producer.publish(URL, CONTENT, status(429, **{"Retry-After": header}))
    receive(client, URL, path)
    assert time.slept == [40.0]


def test_a_wait_of_an_hour_is_the_persons_to_decide(producer, client, path, time):
    producer.publish(URL, CONTENT, status(503, **{"Retry-After": "3600"}))
    problem = failed(client, path)
    assert "3600 secondes" in str(problem)
    assert time.slept == []


def test_a_cut_file_is_resumed_where_it_stopped(producer, client, path):
    producer.publish(URL, CONTENT, cut(100_000), cut(50_000))
    receive(client, URL, path)
    assert path.read_bytes() == CONTENT
    assert [headers.get("Range") for headers in producer.asked(URL)] == [None, "bytes=100000-", "bytes=150000-"]


def test_a_download_interrupted_yesterday_is_resumed_today(producer, make_client, path):
    producer.publish(URL, CONTENT, *[cut(0)] * 4, cut(120_000), *[cut(0)] * 9)
    problem = failed(make_client(), path)
    assert "120000 octets reçus" in str(problem)
    assert left(path) == [f"{path.name}.part", f"{path.name}.part.json"]
    producer.publish(URL, CONTENT)
    producer.seen.clear()
    receive(make_client(), URL, path)
    assert path.read_bytes() == CONTENT
    assert producer.asked(URL)[0]["Range"] == "bytes=120000-"
    assert left(path) == [path.name]


def test_a_file_changed_meanwhile_starts_again_from_its_first_byte(producer, make_client, path):
    producer.publish(URL, CONTENT, *[cut(0)] * 4, cut(120_000), *[cut(0)] * 9)
    failed(make_client(), path)
    newer = CONTENT[::-1]
    producer.publish(URL, newer)
    receive(make_client(), URL, path)
    assert path.read_bytes() == newer


def test_a_network_that_cuts_anywhere_is_named(producer, client, path):
    # Every new byte gives patience back; then five attempts bring nothing more.
    producer.publish(URL, CONTENT, cut(10), cut(10), *[status(503)] * 9)
    assert failed(client, path).cause is Cause.SERVER
    producer.publish(URL, CONTENT, cut(10), always(hang_up))
    problem = failed(client, path)
    assert problem.cause is Cause.NETWORK


def test_a_server_without_resumption_sends_it_all_again(producer, client, path):
    producer.publish(URL, CONTENT, cut(100_000), whole)
    receive(client, URL, path)
    assert path.read_bytes() == CONTENT


def test_a_part_whose_notes_were_damaged_is_not_trusted(producer, client, path):
    path.parent.mkdir()
    path.with_name(path.name + ".part").write_bytes(b"autre chose")
    path.with_name(path.name + ".part.json").write_text("{", encoding="utf-8")
    producer.publish(URL, CONTENT)
    receive(client, URL, path)
    assert path.read_bytes() == CONTENT


def test_a_part_longer_than_the_file_is_thrown_away(producer, client, path):
    path.parent.mkdir()
    path.with_name(path.name + ".part").write_bytes(CONTENT + b"trop")
    notes = {"address": URL, "validator": etag(CONTENT)}
    path.with_name(path.name + ".part.json").write_text(json.dumps(notes), encoding="utf-8")
    producer.publish(URL, CONTENT)
    receive(client, URL, path)
    assert path.read_bytes() == CONTENT


def test_a_server_that_resumes_at_the_wrong_place_is_not_believed(producer, client, path):
    def elsewhere(handler, content):
        headers = {"Content-Range": f"bytes 7-{len(content) - 1}/{len(content)}"}
        handler.reply(206, content[7:], headers=headers)

    producer.publish(URL, CONTENT, cut(100_000), elsewhere)
    receive(client, URL, path)
    assert path.read_bytes() == CONTENT


def test_a_wrong_length_is_said_with_both_numbers(producer, client, path):
    def longer(handler, content):
        handler.reply(200, content, length=len(content) + 500)
        handler.close_connection = True

    producer.publish(URL, CONTENT, always(longer))
    problem = failed(client, path)
    assert f"Attendu : {len(CONTENT) + 500} octets" in str(problem).replace("\u00a0", " ")
    assert f"{len(CONTENT)} octets reçus" in str(problem)
    assert problem.cause is Cause.SERVER
    assert not path.exists()


def test_a_slow_server_is_said_after_the_patience_of_the_settings(producer, make_client, path):
    producer.publish(URL, CONTENT, always(stall))
    problem = failed(make_client(timeout=0.1), path)
    assert problem.cause is Cause.SERVER
    assert "ne répond pas à temps" in str(problem)
    assert "« attente »" in str(problem)


def test_a_loop_of_redirections_is_said(producer, client, path):
    producer.publish(URL, CONTENT, always(lambda handler, _: handler.reply(302, b"", headers={"Location": URL})))
    problem = failed(client, path)
    assert problem.cause is Cause.SERVER
    assert "boucle de redirections" in str(problem)


def test_a_redirection_is_followed_to_another_official_site(producer, client, path):
    there = "https://static.data.gouv.fr/resources/qpv/20260115/qpv.zip"
    producer.publish(URL, b"", lambda handler, _: handler.reply(302, b"", headers={"Location": there}))
    producer.publish(there, CONTENT)
    receive(client, URL, path)
    assert path.read_bytes() == CONTENT


def test_a_redirection_without_encryption_is_refused(producer, client, path):
    plain = {"Location": "http://static.data.gouv.fr/x.zip"}
    producer.publish(URL, b"", lambda handler, _: handler.reply(302, b"", headers=plain))
    producer.publish("https://static.data.gouv.fr/x.zip", CONTENT)
    problem = failed(client, path)
    assert "sans chiffrement" in str(problem)
    assert not producer.asked("https://static.data.gouv.fr/x.zip")


def test_a_certificate_that_nobody_knows_is_said_with_what_to_ask_for(producer, make_client, path):
    producer.publish(URL, CONTENT)
    problem = failed(make_client(trusted=False), path)
    assert problem.cause is Cause.CERTIFICATE
    assert "certificat =" in str(problem)
    assert "ne peut pas être désactivée" in str(problem)
    assert not producer.seen


def test_nothing_turns_the_verification_off(server, monkeypatch, tmp_path):
    empty = tmp_path / "vide.pem"
    empty.write_text("", encoding="utf-8")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(empty))
    monkeypatch.setenv("CURL_CA_BUNDLE", "")
    with requests.Session() as session:
        session.mount("https://", SystemTrustAdapter())
        with pytest.raises(requests.exceptions.SSLError):
            session.get(f"https://localhost:{server.server_port}/", verify=False, timeout=5)


def test_a_certificate_file_that_is_not_one_is_said(tmp_path):
    wrong = tmp_path / "certificat.pem"
    for content in (None, "bonjour"):
        if content:
            wrong.write_text(content, encoding="utf-8")
        with pytest.raises(ConfigurationError, match="certificat illisible"):
            Client(Network(certificate=wrong))


def test_a_proxy_that_wants_a_password_is_said(producer, make_client, path, proxy):
    producer.publish(URL, CONTENT)
    problem = failed(make_client(proxy=proxy), path)
    assert problem.cause is Cause.PROXY
    assert "identifiant et un mot de passe" in str(problem)
    assert "HTTPS_PROXY" in str(problem)


def test_the_proxy_of_the_environment_is_used(producer, make_client, path, proxy, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    producer.publish(URL, CONTENT)
    assert failed(make_client(), path).cause is Cause.PROXY
    monkeypatch.setenv("NO_PROXY", "www.insee.fr")
    receive(make_client(), URL, path)
    assert path.read_bytes() == CONTENT


def test_a_proxy_that_is_not_there_is_said(make_client, path):
    problem = failed(make_client(proxy="http://localhost:9"), path)
    assert problem.cause is Cause.PROXY
    assert "[reseau]" in str(problem)


def test_an_answer_407_is_the_proxys(producer, client, path):
    producer.publish(URL, CONTENT, always(status(407)))
    assert failed(client, path).cause is Cause.PROXY


def test_a_machine_without_network_is_told_so_at_once(path, time):
    alone = Client(Network(timeout=5.0), time.clock)
    with pytest.raises(FetchError) as caught:
        receive(alone, "https://insee.invalid/fichier.zip", path)
    alone.close()
    assert caught.value.cause is Cause.NETWORK
    assert "insee.invalid est introuvable" in str(caught.value)
    assert time.slept == []


@pytest.mark.parametrize(
    "page", ["<!DOCTYPE html><html><body>Connexion au proxy</body></html>", "\ufeff \n<HTML lang='fr'>503</HTML>"]
)
def test_a_page_in_place_of_a_file_is_refused_and_not_kept(producer, client, path, page):
    producer.publish(URL, page, kind="text/html")
    problem = failed(client, path)
    assert "la page renvoie du HTML : proxy ou page d’erreur" in str(problem).replace("\u00a0", " ")
    assert not path.exists()
    assert not any(name.endswith(".part") and path.with_name(name).stat().st_size for name in left(path))


def test_changed_bytes_are_kept_apart_with_both_hashes_and_dates(producer, client, path):
    old = f"md5:{hashlib.md5(b'ancien', usedforsecurity=False).hexdigest()}"
    producer.publish(URL, CONTENT)
    problem = failed(client, path, expected=Expected(old, "2025-10"))
    text = str(problem)
    assert problem.cause is Cause.FILE
    assert f"{old} (relevé le 2025-10)" in text
    assert hashlib.md5(CONTENT, usedforsecurity=False).hexdigest() in text
    assert "2026-03-04" in text
    assert not path.exists()
    assert (path.parent / APART / path.name).read_bytes() == CONTENT
    assert "diagnostic add" in text


def test_an_older_file_stays_when_its_producer_changed_it(producer, client, path):
    path.parent.mkdir()
    path.write_bytes(b"pris hier")
    producer.publish(URL, CONTENT)
    digest = f"sha256:{hashlib.sha256(b'autre').hexdigest()}"
    failed(client, path, expected=Expected(digest, "2026-01-01"))
    assert path.read_bytes() == b"pris hier"


@pytest.mark.parametrize(
    ("code", "cause", "said"),
    [(404, Cause.FILE, "n’est plus à cette adresse"), (403, Cause.SERVER, "qu’un navigateur"),
     (418, Cause.SERVER, "ne donne pas ce fichier")],
)  # fmt: skip
def test_other_refusals_are_said_once(producer, client, path, code, cause, said):  # noqa: PLR0917 - fixtures
    producer.publish(URL, CONTENT, always(status(code)))
    problem = failed(client, path)
    assert problem.cause is cause
    assert said in str(problem)
    assert len(producer.asked(URL)) == 1


def test_two_requests_to_one_site_are_a_second_apart(producer, client, time, tmp_path):
    other = "https://data.caf.fr/s_ben_com_f.csv"
    producer.publish(URL, CONTENT)
    producer.publish(other, CONTENT)
    receive(client, URL, tmp_path / "a")
    receive(client, other, tmp_path / "b")
    assert time.slept == []
    receive(client, URL, tmp_path / "c")
    assert time.slept == [1.0]
