"""Why a download failed, said in French: which of the network, proxy, certificate, server or file is at fault."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final, Self
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import NameResolutionError, ReadTimeoutError

from diagnostic.errors import DiagnosticError, Fault
from diagnostic.formatting import typographic

if TYPE_CHECKING:
    from collections.abc import Iterator

NOT_FOUND: Final = (404, 410)
FORBIDDEN: Final = (401, 403, 451)
PROXY_PASSWORD: Final = 407
TOO_MANY: Final = 429
BUSY: Final = (408, 425, TOO_MANY, 500, 502, 503, 504)


class Cause(StrEnum):
    """What is at fault."""

    NETWORK = "le réseau"
    PROXY = "le proxy"
    CERTIFICATE = "le certificat"
    SERVER = "le serveur"
    FILE = "le fichier"


class FetchError(DiagnosticError, RuntimeError):
    """A file could not be had from its producer.

    Parameters
    ----------
    cause
        What is at fault.
    what, found, expected, remedy
        As in :class:`~diagnostic.errors.Fault`.
    file
        Name of the file, when it is known.
    """

    def __init__(
        self, cause: Cause, what: str, *, remedy: str, found: str | None = None, expected: str | None = None,
        file: str | None = None,
    ) -> None:  # fmt: skip
        self.cause, self.what = cause, what
        text = typographic(f"{what}. En cause : {cause}")
        super().__init__(Fault(text, file=file, expected=expected, found=found, remedy=remedy))

    def but(self, *, found: str, expected: str | None) -> Self:
        """Give the same error with what was expected and found."""
        fault = self.faults[0]
        return type(self)(
            self.cause, self.what, remedy=fault.remedy or "", found=found, expected=expected, file=fault.file
        )


class InsecureRedirectError(requests.exceptions.RequestException):
    """A server sends from https to plain http."""


class NoAnswerError(FetchError):
    """A fault that asking again may mend.

    Parameters
    ----------
    wait
        Seconds that the server asks to wait, when it does.
    """

    wait: float | None = None


_SET_PROXY: Final = (
    'écrivez son adresse dans diagnostic.toml, rubrique [reseau], « proxy = "http://adresse:port" », ou dans la'
    " variable HTTPS_PROXY (le service informatique la connaît)"
)
LATER: Final = "réessayez plus tard"


def explained(problem: requests.exceptions.RequestException, address: str) -> FetchError:
    """Say what a failure of the library means.

    Parameters
    ----------
    problem
        What ``requests`` raised.
    address
        The address asked for.

    Returns
    -------
    FetchError
        A :class:`NoAnswerError` when asking again may mend it.
    """
    host = urlsplit(address).hostname or address
    text = " ".join(str(one) for one in _chain(problem))
    if isinstance(problem, requests.exceptions.ProxyError):
        return _proxy(text)
    if isinstance(problem, requests.exceptions.SSLError):
        return _certificate(host, text)
    if isinstance(problem, InsecureRedirectError | requests.exceptions.TooManyRedirects):
        return _astray(problem, host)
    if isinstance(problem, requests.exceptions.Timeout) or any(
        isinstance(one, ReadTimeoutError) for one in _chain(problem)
    ):
        return NoAnswerError(
            Cause.SERVER, f"{host} ne répond pas à temps",
            remedy=f"{LATER}, ou augmentez « attente » dans la rubrique [reseau] de diagnostic.toml",
        )  # fmt: skip
    return _unreachable(problem, address, text)


def _astray(problem: requests.exceptions.RequestException, host: str) -> FetchError:
    if isinstance(problem, InsecureRedirectError):
        return FetchError(
            Cause.SERVER, f"{host} renvoie vers une adresse sans chiffrement", found=str(problem),
            remedy="n’ouvrez pas cette adresse, et signalez-le",
        )  # fmt: skip
    return FetchError(
        Cause.SERVER, f"{host} renvoie sans fin d’une adresse à une autre", found="une boucle de redirections",
        remedy=LATER,
    )  # fmt: skip


def _unreachable(problem: requests.exceptions.RequestException, address: str, text: str) -> FetchError:
    host = urlsplit(address).hostname or address
    proxy = f"vérifiez la connexion. Si votre réseau passe par un proxy, {_SET_PROXY}"
    if any(isinstance(one, NameResolutionError) for one in _chain(problem)):
        return FetchError(
            Cause.NETWORK, f"le nom {host} est introuvable",
            found="ni réseau, ni proxy déclaré, ou un réseau qui ne laisse sortir que par un proxy", remedy=proxy,
        )  # fmt: skip
    if isinstance(problem, requests.exceptions.ChunkedEncodingError) or "aborted" in text or "reset" in text:
        return cut(address)
    return NoAnswerError(
        Cause.NETWORK, f"{host} ne se laisse pas joindre", found="une connexion refusée ou coupée", remedy=proxy
    )


def cut(address: str) -> NoAnswerError:
    """Say that the connection went before the file was whole."""
    host = urlsplit(address).hostname or address
    return NoAnswerError(
        Cause.NETWORK, f"la connexion à {host} a été coupée avant la fin",
        remedy="relancez la même commande\u00a0: le téléchargement reprendra où il s’est arrêté",
    )  # fmt: skip


def _chain(problem: BaseException) -> Iterator[BaseException]:
    """Give an exception and all those it wraps, as urllib3 nests them."""
    seen: list[BaseException] = []
    waiting: list[object] = [problem]
    while waiting:
        one = waiting.pop(0)
        if isinstance(one, BaseException) and not any(one is known for known in seen):
            seen.append(one)
            yield one
            waiting += [*one.args, getattr(one, "reason", None), one.__cause__, one.__context__]


def _proxy(text: str) -> FetchError:
    if str(PROXY_PASSWORD) in text:
        return proxy_password()
    return FetchError(
        Cause.PROXY, "le proxy ne répond pas, ou refuse cette adresse",
        remedy=f"vérifiez son adresse\u00a0: {_SET_PROXY}",
    )  # fmt: skip


def proxy_password() -> FetchError:
    """Say that the proxy wants to know who asks."""
    return FetchError(
        Cause.PROXY, "le proxy demande un identifiant et un mot de passe", found="réponse 407",
        remedy="donnez-les dans la variable HTTPS_PROXY (http://identifiant:mot-de-passe@adresse:port), jamais"
        " dans diagnostic.toml, ou demandez au service informatique d’autoriser cette adresse",
    )  # fmt: skip


def _certificate(host: str, text: str) -> FetchError:
    if "WRONG_VERSION_NUMBER" in text or "UNEXPECTED_EOF" in text:
        return FetchError(
            Cause.PROXY, f"la réponse faite au nom de {host} n’est pas chiffrée ou est coupée",
            remedy=f"c’est le plus souvent un proxy mal déclaré\u00a0: {_SET_PROXY}",
        )  # fmt: skip
    return FetchError(
        Cause.CERTIFICATE, f"le certificat présenté au nom de {host} n’est pas reconnu par cet ordinateur",
        found="le plus souvent, le certificat du proxy de la collectivité, qui déchiffre les échanges",
        remedy="demandez au service informatique le fichier du certificat de la collectivité, puis écrivez dans"
        ' diagnostic.toml, rubrique [reseau], « certificat = "chemin/certificat.pem" ». La vérification ne peut'
        " pas être désactivée",
    )  # fmt: skip


def refused(status: int, address: str, *, wait: float | None = None) -> FetchError:
    """Say what an HTTP status means.

    Parameters
    ----------
    status
        400 or more.
    address
        The address asked for.
    wait
        Seconds that the server asks to wait.
    """
    host = urlsplit(address).hostname or address
    found = f"réponse {status}"
    if status == PROXY_PASSWORD:
        return proxy_password()
    if status in BUSY:
        what = f"{host} demande d’attendre" if status == TOO_MANY or wait else f"{host} est en panne ou surchargé"
        later = f"réessayez dans {wait:.0f} secondes" if wait else LATER
        error = NoAnswerError(Cause.SERVER, what, found=found, remedy=later)
        error.wait = wait
        return error
    if status in NOT_FOUND:
        return FetchError(
            Cause.FILE, "ce fichier n’est plus à cette adresse", found=f"{found} pour {address}",
            remedy="le producteur l’a déplacé ou remplacé\u00a0: cherchez-le sur sa page",
        )  # fmt: skip
    if status in FORBIDDEN:
        return FetchError(
            Cause.SERVER, f"{host} refuse l’accès à un programme", found=found,
            remedy="certains sites n’acceptent qu’un navigateur\u00a0: téléchargez le fichier à la main",
        )  # fmt: skip
    return FetchError(Cause.SERVER, f"{host} ne donne pas ce fichier", found=found, remedy=LATER)
