"""A producer on this machine: real files under their official addresses, and every way in which one can fail."""

import hashlib
import ssl
import threading
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest
import trustme

from diagnostic.ingestion.fetch import network
from diagnostic.ingestion.fetch.network import Client, Clock, Network, SystemTrustAdapter

TODAY = date(2026, 3, 4)


class OfficialAddresses(SystemTrustAdapter):
    """Carry a request for an official address to the local server; certificates are verified as everywhere."""

    def __init__(self, port, certificate):
        self.port = port
        super().__init__(certificate)

    def send(self, request, *args, **kwargs):
        official = request.url
        parts = urlsplit(official)
        moved = request.copy()
        query = f"?{parts.query}" if parts.query else ""
        moved.url = f"https://localhost:{self.port}/{parts.hostname}{parts.path}{query}"
        answer = super().send(moved, *args, **kwargs)
        answer.url, answer.request = official, request
        return answer


@dataclass
class Time:
    """A clock that only moves when somebody sleeps."""

    moment: float = 0.0
    slept: list = field(default_factory=list)

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.moment += seconds

    @property
    def clock(self):
        return Clock(now=lambda: self.moment, sleep=self.sleep, today=lambda: TODAY)


class Producer:
    """What the local server gives, by official address; ``faults`` are used up one a request."""

    def __init__(self):
        self.files, self.faults, self.seen = {}, {}, []
        self.release = threading.Event()

    def publish(self, address, content, *faults, kind="application/octet-stream"):
        self.files[address] = (content if isinstance(content, bytes) else content.encode(), kind)
        self.faults[address] = list(faults)

    def asked(self, address):
        return [headers for found, headers in self.seen if found == address]


def etag(content):
    return f'"{hashlib.sha256(content).hexdigest()}"'


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    producer = None

    def log_message(self, *_):
        pass

    def do_GET(self):
        address = "https:/" + self.path
        self.producer.seen.append((address, dict(self.headers)))
        if address not in self.producer.files:
            self.reply(404, b"absent")
            return
        content, kind = self.producer.files[address]
        faults = self.producer.faults[address]
        if faults:
            fault = faults[0] if getattr(faults[0], "always", False) else faults.pop(0)
            fault(self, content)
            return
        self.give(content, kind)

    def give(self, content, kind="application/octet-stream"):
        wanted = self.headers.get("Range", "")
        start = int(wanted.removeprefix("bytes=").partition("-")[0] or 0) if wanted else 0
        same = self.headers.get("If-Range") in (None, etag(content))
        if wanted and same and start >= len(content):
            self.reply(416, b"")
        elif wanted and same:
            last = len(content) - 1
            headers = {"Content-Range": f"bytes {start}-{last}/{len(content)}"}
            self.reply(206, content[start:], kind=kind, headers=headers, mark=etag(content))
        else:
            self.reply(200, content, kind=kind, mark=etag(content))

    def reply(self, status, body, *, kind="text/plain", headers=(), length=None, mark=None):
        self.send_response(status)
        stated = {"Content-Type": kind, "Content-Length": str(len(body) if length is None else length)}
        if mark:
            stated["ETag"] = mark
        for name, value in {**stated, **dict(headers)}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):
        """A client that refuses a certificate closes the door: nothing to tell."""


def serve(handler, context=None):
    server = Server(("localhost", 0), handler)
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    return server


@pytest.fixture(scope="session")
def authority():
    return trustme.CA()


@pytest.fixture(scope="session")
def certificate(authority, tmp_path_factory):
    path = tmp_path_factory.mktemp("certificats") / "collectivite.pem"
    authority.cert_pem.write_to_path(str(path))
    return path


@pytest.fixture(scope="session")
def server(authority):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    running = serve(type("OneProducer", (Handler,), {}), context)
    yield running
    running.shutdown()
    running.server_close()


@pytest.fixture
def producer(server):
    one = Producer()
    server.RequestHandlerClass.producer = one
    yield one
    one.release.set()


@pytest.fixture
def time():
    return Time()


@pytest.fixture
def make_client(server, certificate, time):
    opened = []

    def make(*, trusted=True, **settings):
        network = Network(certificate=certificate if trusted else None, **{"timeout": 5.0, **settings})
        adapter = OfficialAddresses(server.server_port, network.certificate)
        opened.append(Client(network, time.clock, adapter))
        return opened[-1]

    yield make
    for client in opened:
        client.close()


@pytest.fixture
def client(make_client):
    return make_client()


@pytest.fixture
def proxy():
    """A proxy that wants a password, before it lets anything through."""

    class Asking(BaseHTTPRequestHandler):
        def log_message(self, *_):
            pass

        def do_CONNECT(self):
            self.send_response(407, "Proxy Authentication Required")
            self.send_header("Proxy-Authenticate", "Basic")
            self.send_header("Content-Length", "0")
            self.end_headers()

    running = serve(Asking)
    with closing(running.socket):
        yield f"http://localhost:{running.server_port}"
        running.shutdown()


@pytest.fixture
def official(server, monkeypatch):
    """Make every client of the package, the command's too, reach the local producer; certificates are verified."""

    def carried(certificate):
        return OfficialAddresses(server.server_port, certificate)

    monkeypatch.setattr(network, "SystemTrustAdapter", carried)
    monkeypatch.setattr(network, "PACE", 0.0)  # what the pace is stands in test_transfer
    monkeypatch.setattr(network, "PACES", {})
