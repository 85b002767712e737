"""What a mail says: sender, text, files, and whether a machine wrote it. Pure; everything in a mail is data."""

import html
import re
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage, MIMEPart
from email.utils import parseaddr

import nh3

from prsystem.core.markup import bounded
from prsystem.core.text import clean_line, clean_text

REPLY_MARK = "##- "
MOST_FILES = 10
_BLOCKS = {"p", "div", "br", "li", "tr", "blockquote", "h1", "h2", "h3"}
_DROPPED = {"script", "style", "head", "title", "template", "noscript", "svg", "math"}
_BREAK = re.compile(r"<(?:br|/p|/div|/li|/tr|/h[123]|/blockquote)[^>]*>", re.IGNORECASE)
_ADDRESS = re.compile(r"[^\s<>,;:\"']+@[^\s<>,;:\"']+")
_ANSWERED = re.compile(
    r"^\s*(?:>.*|El .{5,120} escribió:|On .{5,120} wrote:|_{20,}"
    r"|-{3,} ?(?:Original Message|Mensaje original) ?-{3,})\s*$"
)
_BULK = {"bulk", "list", "junk", "auto_reply", "auto-reply"}
# What Python's own parser is known to raise on headers and parts that aren't well formed.
MALFORMED = (ValueError, LookupError, AttributeError, TypeError, AssertionError, RecursionError)


class Unreadable(Exception):
    """The bytes aren't a mail that can be understood."""


@dataclass(frozen=True)
class IncomingFile:
    name: str
    content: bytes


@dataclass(frozen=True)
class Incoming:
    """One mail. `robot` is why it counts as written by a machine, empty when a person wrote it."""

    sender: str
    recipients: tuple[str, ...]
    references: str
    message_id: str
    subject: str
    text: str
    files: tuple[IncomingFile, ...]
    robot: str


def parse(raw: bytes) -> Incoming:
    """Raises Unreadable. HTML becomes plain text; nothing of it is kept as markup."""
    try:
        message = message_from_bytes(raw, policy=policy.default)
        if not isinstance(message, EmailMessage):
            raise Unreadable("no message")
        return _incoming(message)
    except MALFORMED as error:
        raise Unreadable(type(error).__name__) from error


def _incoming(message: EmailMessage) -> Incoming:
    return Incoming(
        sender=parseaddr(_header(message, "From"))[1].strip().lower()[:254],
        recipients=tuple(_addresses(message)),
        references=" ".join(_header(message, name) for name in ("References", "In-Reply-To")),
        message_id=clean_line(_header(message, "Message-ID")),
        subject=clean_line(_header(message, "Subject")),
        text=own_words(_text(message)),
        files=tuple(_files(message)),
        robot=_robot(message),
    )


def _header(message: EmailMessage, name: str) -> str:
    return str(message.get(name, ""))


def _addresses(message: EmailMessage) -> list[str]:
    lines = [
        str(value) for name in ("To", "Cc", "Delivered-To", "X-Original-To") for value in message.get_all(name, [])
    ]
    return _ADDRESS.findall(" ".join(lines).lower())[:50]


def _robot(message: EmailMessage) -> str:
    """RFC 3834 and what the usual systems send: such a mail is never answered and opens nothing."""
    auto = _header(message, "Auto-Submitted").split(";")[0].strip().lower()
    sender = parseaddr(_header(message, "From"))[1].lower()
    if message.get_content_type() == "multipart/report" or _header(message, "Return-Path").strip() == "<>":
        return "rebote"
    if sender.partition("@")[0] in ("mailer-daemon", "postmaster"):
        return "rebote"
    if auto not in ("", "no") or message.get("X-Autoreply") or message.get("X-Autorespond"):
        return "respuesta automática"
    if _header(message, "Precedence").strip().lower() in _BULK or message.get("List-Id"):
        return "lista de correo"
    if message.get("X-Loop"):
        return "bucle"
    return ""


def _text(message: EmailMessage) -> str:
    body = message.get_body(preferencelist=("plain", "html"))
    if body is None:
        return ""
    text = _decoded(body)
    return plain_from_html(text) if body.get_content_type() == "text/html" else text


def _decoded(part: MIMEPart) -> str:
    """The text of a part, also in a character set that isn't known."""
    try:
        return str(part.get_content())
    except MALFORMED:
        payload = part.get_payload(decode=True)
        return payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""


def plain_from_html(markup: str) -> str:
    """The words of hostile or friendly HTML: no tags, no scripts, line breaks where blocks end."""
    kept = nh3.clean(bounded(markup), tags=_BLOCKS, attributes={}, clean_content_tags=_DROPPED, strip_comments=True)
    return html.unescape(nh3.clean(_BREAK.sub("\n", kept), tags=set()))


def own_words(text: str) -> str:
    """Without what the mail answers: cut at our mark or where quoting begins; all of it when nothing else is left."""
    text = clean_text(text)
    above = text.partition(REPLY_MARK)[0]
    lines = []
    for line in above.split("\n"):
        if _ANSWERED.match(line):
            break
        lines.append(line)
    return clean_text("\n".join(lines)) or clean_text(above) or text


def _files(message: EmailMessage) -> list[IncomingFile]:
    found = []
    for part in message.iter_attachments():
        content = part.get_payload(decode=True)
        if isinstance(content, bytes) and content:
            found.append(IncomingFile(clean_line(part.get_filename() or "adjunto"), content))
    return found[:MOST_FILES]
