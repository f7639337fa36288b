"""One way out for every call: one proxy, the certificates of the machine, one pace by host."""

from __future__ import annotations

import ssl
import time
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urljoin, urlsplit

import requests
import truststore
from requests.adapters import HTTPAdapter
from requests.utils import get_environ_proxies, should_bypass_proxies

from diagnostic import __version__
from diagnostic.errors import ConfigurationError, Fault
from diagnostic.ingestion.fetch.failure import InsecureRedirectError, explained

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from diagnostic.config import NetworkSection

MAX_REDIRECTS: Final = 10
PACE: Final = 1.0
# The producer states a rate of thirty calls a minute.
PACES: Final = {"api.insee.fr": 2.0}


@dataclass(frozen=True, slots=True)
class Clock:
    """Time, so that a test needs not wait.

    Parameters
    ----------
    now
        Seconds since some start, never going back.
    sleep
        Waits for a number of seconds.
    today
        The day, written beside what was fetched.
    """

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    today: Callable[[], date] = lambda: datetime.now(tz=UTC).astimezone().date()


@dataclass(frozen=True, slots=True)
class Network:
    """How this machine reaches the network.

    Parameters
    ----------
    proxy
        Address of the proxy; without it, that of the environment (``HTTPS_PROXY``, ``NO_PROXY``) or of Windows.
    certificate
        Further certificates (PEM) to trust beside those of the system.
    timeout
        Seconds without a byte before giving up.
    """

    proxy: str | None = None
    certificate: Path | None = None
    timeout: float = 30.0


def network_of(section: NetworkSection, folder: Path) -> Network:
    """Read the settings of ``[reseau]``.

    Parameters
    ----------
    section
        As ``diagnostic.toml`` says it.
    folder
        The working folder, from which the certificate's path starts.
    """
    certificate = folder / section.certificat if section.certificat else None
    return Network(section.proxy or None, certificate, float(section.attente))


class SystemTrustAdapter(HTTPAdapter):
    """Certificates are those that the machine trusts; nothing turns their verification off.

    Parameters
    ----------
    certificate
        Further certificates (PEM), as a collectivité that inspects its traffic gives.

    Raises
    ------
    ConfigurationError
        When the file holds no certificate.
    """

    def __init__(self, certificate: Path | None = None) -> None:
        self._context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        if certificate is not None:
            _trust(self._context, certificate)
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - as the library declares it
        """Give the machine's certificates to direct connections."""
        super().init_poolmanager(*args, ssl_context=self._context, **kwargs)

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:  # noqa: ANN401 - idem
        """Give them to connections through a proxy."""
        return super().proxy_manager_for(proxy, ssl_context=self._context, **kwargs)

    def cert_verify(self, conn: Any, url: str, verify: object, cert: object) -> None:  # noqa: ANN401 - idem
        """Leave the library's own list of authorities aside: that of the machine decides."""
        del url, verify, cert
        conn.cert_reqs = "CERT_REQUIRED"
        conn.ca_certs = conn.ca_cert_dir = None

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:  # noqa: ANN401
        """Verify the certificate, whatever the caller says."""
        return super().send(request, *args, **{**kwargs, "verify": True})


def _trust(context: ssl.SSLContext, certificate: Path) -> None:
    try:
        context.load_verify_locations(cafile=str(certificate))
    except (OSError, ssl.SSLError) as problem:
        raise ConfigurationError(Fault(
            "certificat illisible", file=str(certificate), column="reseau > certificat",
            expected="un fichier PEM (il commence par « -----BEGIN CERTIFICATE----- »)",
            found="aucun fichier" if not certificate.is_file() else "un autre contenu",
            remedy="demandez au service informatique le certificat de la collectivité au format PEM",
        )) from problem  # fmt: skip


class _Session(requests.Session):
    def get_redirect_target(self, resp: requests.Response) -> str | None:
        target = super().get_redirect_target(resp)
        if target is not None and urlsplit(resp.url).scheme == "https":
            address = urljoin(resp.url, target)
            if urlsplit(address).scheme != "https":
                resp.close()
                raise InsecureRedirectError(address)
        return target


@dataclass(slots=True)
class Client:
    """Asks for addresses, one at a time, at a decent pace.

    Parameters
    ----------
    network
        Proxy, certificates and patience.
    clock
        Time; tests bring their own.
    adapter
        What carries a request. Tests bring one that reaches a local server under the official addresses.
    """

    network: Network = field(default_factory=Network)
    clock: Clock = field(default_factory=Clock)
    adapter: HTTPAdapter | None = None
    _session: requests.Session = field(init=False, repr=False)
    _turns: dict[str, float] = field(init=False, default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self._session = _Session()
        self._session.trust_env = False  # proxies are read below; other variables could change the certificates
        self._session.max_redirects = MAX_REDIRECTS
        self._session.headers["User-Agent"] = f"diagnostic-territorial/{__version__}"
        carrier = self.adapter or SystemTrustAdapter(self.network.certificate)
        self._session.mount("https://", carrier)
        self._session.mount("http://", carrier)

    def close(self) -> None:
        """Let the connections go."""
        self._session.close()

    def ask(self, address: str, *, headers: Mapping[str, str] | None = None) -> requests.Response:
        """Ask for an address; the body is left to be read piece by piece.

        Parameters
        ----------
        address
            Full address.
        headers
            Further headers.

        Returns
        -------
        requests.Response
            Any status; to be used as a context.

        Raises
        ------
        FetchError
            When no answer comes; :class:`~diagnostic.ingestion.fetch.failure.NoAnswerError` when asking again may
            mend it.
        """
        self._wait_turn(urlsplit(address).hostname or "")
        try:
            return self._session.get(
                address, headers=dict(headers or {}), stream=True, allow_redirects=True,
                timeout=self.network.timeout, proxies=self._proxies(address),
            )  # fmt: skip
        except requests.exceptions.RequestException as problem:
            raise explained(problem, address) from problem

    def _proxies(self, address: str) -> dict[str, str]:
        proxy = self.network.proxy
        if proxy is None:
            return dict(get_environ_proxies(address))
        return {} if should_bypass_proxies(address, no_proxy=None) else {"http": proxy, "https": proxy}

    def _wait_turn(self, host: str) -> None:
        now = self.clock.now()
        ready = self._turns.get(host, now)
        if ready > now:
            self.clock.sleep(ready - now)
        self._turns[host] = max(ready, now) + PACES.get(host, PACE)
