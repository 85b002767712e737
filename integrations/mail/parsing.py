"""What a mail says: sender, text, files, and whether a machine wrote it. Pure; everything in a mail is data.

Its head is read first, and cheaply: Python's own reader of addresses takes time with the square of their length. What
is below the head is read confined, for those whose mail is wanted.
"""

import base64
import html
import re
import tempfile
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.header import decode_header
from email.message import EmailMessage, Message, MIMEPart
from email.parser import BytesHeaderParser
from email.utils import parseaddr
from pathlib import Path

import nh3

from prsystem.core.bounds.confined import Broken, Limits, run_confined
from prsystem.core.hidden import shown
from prsystem.core.text.cleaning import clean_line, clean_text
from prsystem.core.text.markup import bounded

REPLY_MARK = "##- "
MOST_FILES = 10
# RFC 5322 allows lines of 998 characters; the longest honest heads are long lists of recipients and old threads.
HEAD_BYTES, VALUE, LONG_VALUE = 256 * 1024, 4_000, 16_000
LIMITS = Limits(memory_bytes=1024 * 1024 * 1024, cpu_seconds=30, wall_seconds=120.0)
_EMPTY_LINE = re.compile(rb"\r?\n\r?\n")
_BLOCKS = {"p", "div", "br", "li", "tr", "blockquote", "h1", "h2", "h3"}
_DROPPED = {"script", "style", "head", "title", "template", "noscript", "svg", "math"}
_BREAK = re.compile(r"<(?:br|/p|/div|/li|/tr|/h[123]|/blockquote)[^>]*>", re.IGNORECASE)
_ADDRESS = re.compile(r"[^\s<>,;:\"'@]{1,250}@[^\s<>,;:\"']{1,250}")
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
class Head:
    """What stands above the first empty line. `robot` is why it counts as written by a machine, empty when a person
    wrote it."""

    sender: str
    recipients: tuple[str, ...]
    references: str
    message_id: str
    subject: str
    robot: str


@dataclass(frozen=True)
class Incoming(Head):
    """One mail."""

    text: str
    files: tuple[IncomingFile, ...]


def head_of(raw: bytes) -> Head:
    """Read from at most HEAD_BYTES, in time that grows with their number. Raises Unreadable, also for a longer head."""
    try:
        return _head(BytesHeaderParser(policy=policy.compat32).parsebytes(_above(raw)))
    except MALFORMED as error:
        raise Unreadable(type(error).__name__) from error


def _above(raw: bytes) -> bytes:
    end = _EMPTY_LINE.search(raw, 0, HEAD_BYTES)
    if end is None and len(raw) > HEAD_BYTES:
        raise Unreadable("endless head")
    return raw[: end.end()] if end else raw


def _head(message: Message) -> Head:
    return Head(
        sender=_sender(message),
        recipients=tuple(_addresses(message)),
        references=" ".join(_header(message, name, LONG_VALUE) for name in ("References", "In-Reply-To")),
        message_id=clean_line(_header(message, "Message-ID")),
        subject=clean_line(_header(message, "Subject")),
        robot=_robot(message),
    )


def parse(raw: bytes) -> Incoming:
    """Raises Unreadable. HTML becomes plain text; nothing of it is kept as markup."""
    head, body = head_of(raw), body_of(raw)
    return Incoming(**vars(head), text=body[0], files=tuple(body[1]))


def parse_confined(raw: bytes, head: Head) -> Incoming:
    """As `parse`, by a process with limits. Raises Unreadable, and TooHeavy where it runs into them."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(raw)
        file.flush()
        try:
            text, files = run_confined(f"{__name__}:body_as_data", file.name, limits=LIMITS)
        except Broken as error:
            raise Unreadable("body") from error
    kept = tuple(IncomingFile(name, base64.b64decode(content)) for name, content in files)
    return Incoming(**vars(head), text=text, files=kept)


def body_as_data(path: str) -> tuple[str, list[tuple[str, str]]]:
    text, files = body_of(Path(path).read_bytes())
    return text, [(file.name, base64.b64encode(file.content).decode()) for file in files]


def body_of(raw: bytes) -> tuple[str, list[IncomingFile]]:
    """The words of who wrote it, and the files. Raises Unreadable."""
    try:
        message = message_from_bytes(raw, policy=_PartsPolicy())
        if not isinstance(message, EmailMessage):
            raise Unreadable("no message")
        return own_words(_text(message)), _files(message)
    except MALFORMED as error:
        raise Unreadable(type(error).__name__) from error


class _PartsPolicy(policy.EmailPolicy):
    """Parameters of a part that are longer than any honest ones aren't taken apart."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        if name.lower().startswith("content-") and len(value) > VALUE:
            raise Unreadable("endless header of a part")
        return name, value


def _header(message: Message, name: str, most: int = VALUE) -> str:
    """The decoded value. Of one that is longer than any honest one, its beginning."""
    value = str(message.get(name, ""))[:most]
    words = [_word(*part) for part in decode_header(value)] if "=?" in value else [value]
    return "".join(words)


def _word(content: bytes | str, charset: str | None) -> str:
    if isinstance(content, str):
        return content
    try:
        return content.decode(charset or "ascii", "replace")
    except LookupError:
        return content.decode("utf-8", "replace")


def _sender(message: Message) -> str:
    """From the header as it came: decoded first, a name could bring an address of its own."""
    return clean_line(parseaddr(str(message.get("From", ""))[:VALUE])[1]).lower()[:254]


def _addresses(message: Message) -> list[str]:
    names = ("To", "Cc", "Delivered-To", "X-Original-To")
    lines = [str(value)[:LONG_VALUE] for name in names for value in message.get_all(name, [])[:MOST_FILES]]
    return [found for line in lines for found in _ADDRESS.findall(line.lower())][:50]


def _robot(message: Message) -> str:
    """RFC 3834 and what the usual systems send: such a mail is never answered and opens nothing."""
    auto = _header(message, "Auto-Submitted").split(";")[0].strip().lower()
    kind = _header(message, "Content-Type").partition(";")[0].strip().lower()
    if kind == "multipart/report" or _header(message, "Return-Path").strip() == "<>":
        return "rebote"
    if _sender(message).partition("@")[0] in ("mailer-daemon", "postmaster"):
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
    """The words that people see of hostile or friendly HTML: no tags, no scripts, line breaks where blocks end."""
    kept = nh3.clean(
        bounded(shown(markup)), tags=_BLOCKS, attributes={}, clean_content_tags=_DROPPED, strip_comments=True
    )
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
