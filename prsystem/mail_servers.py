"""Mail servers as URLs, `smtp://user:secret@host:587?from=soporte@planta.mx`. Pure; ValueError for one of no use."""

from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote, urlsplit

DEFAULT_PORTS = {"smtp": 25, "smtps": 465, "imap": 143, "imaps": 993}
IMPLICIT_TLS = {"smtps", "imaps"}
LOOPBACK = {"localhost", "127.0.0.1", "::1"}
STARTTLS = ("auto", "required", "never")
OPTIONS = {"from", "starttls", "plus", "folder"}


@dataclass(frozen=True)
class MailServer:
    """One server. `starttls`: `auto` takes it where it is offered, `required` goes no further without it, `never`.

    `address` is what mails come from; `has_plus` says that `name+anything@host` reaches the same mailbox.
    """

    host: str
    port: int
    is_tls: bool
    starttls: str
    user: str = ""
    password: str = field(default="", repr=False)
    address: str = ""
    has_plus: bool = True
    folder: str = "INBOX"

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2]


def parse_mail_server(url: str) -> MailServer:
    """A password is never sent in the clear: with one, `starttls` is `required` unless the server is this machine."""
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query))
    host, user = parts.hostname or "", unquote(parts.username or "")
    starttls = options.get("starttls") or ("required" if user and host not in LOOPBACK else "auto")
    if not host or set(options) - OPTIONS or starttls not in STARTTLS:
        raise ValueError("mail server")
    if user and starttls != "required" and parts.scheme not in IMPLICIT_TLS and host not in LOOPBACK:
        raise ValueError("mail server")
    address = options.get("from") or (user if "@" in user else f"pr-system@{host}")
    if any(char in address for char in "\r\n<> ") or address.count("@") != 1:
        raise ValueError("mail server")
    return MailServer(
        host=host,
        port=parts.port or DEFAULT_PORTS[parts.scheme],
        is_tls=parts.scheme in IMPLICIT_TLS,
        starttls=starttls,
        user=user,
        password=unquote(parts.password or ""),
        address=address,
        has_plus=options.get("plus", "yes") != "no",
        folder=options.get("folder", "INBOX"),
    )
