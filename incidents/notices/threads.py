"""Which incident a mail belongs to: a signed token in the reply address and in every Message-ID. Pure."""

import hmac
import re
from collections.abc import Iterable

from prsystem.core.keyed import keyed_digests
from prsystem.mail_servers import MailServer

# What the signature is for. It stands in mails that were sent: changed, no reply finds its case any more.
_PURPOSE = "incidents.mail_threads"
_TOKEN = re.compile(r"inc-(\d{1,12})-([0-9a-f]{20})(?![0-9a-f])")


def token_of(incident_id: int) -> str:
    """`inc-12-<20 hexadecimal digits>`: nobody who hasn't got a mail about the incident can make it up."""
    return f"inc-{incident_id}-{_signatures(incident_id)[0]}"


def _signatures(incident_id: int) -> list[str]:
    return [digest[:20] for digest in keyed_digests(_PURPOSE, str(incident_id))]


def thread_id(incident_id: int, domain: str) -> str:
    """The Message-ID that every mail about an incident answers, so that mail programs keep them together."""
    return f"<{token_of(incident_id)}@{domain}>"


def message_id(incident_id: int, unique: str, domain: str) -> str:
    return f"<{unique}.{token_of(incident_id)}@{domain}>"


def reply_address(incident_id: int, server: MailServer) -> str:
    """Where answers go: the mailbox with the token behind a plus sign, where the server takes that."""
    local, _at, domain = server.address.rpartition("@")
    return f"{local}+{token_of(incident_id)}@{domain}" if server.has_plus else server.address


def incident_id_in(texts: Iterable[str]) -> int | None:
    """The incident of the first token with a right signature."""
    for match in (found for text in texts for found in _TOKEN.finditer(text.lower())):
        incident_id = int(match[1])
        if any(hmac.compare_digest(signature, match[2]) for signature in _signatures(incident_id)):
            return incident_id
    return None
