"""The bytes that are sent: the contract's body or a chat message made from it; the same event gives the same bytes."""

import json
import re
from datetime import UTC, datetime
from typing import Any

SOURCE = "pr-system"
CHAT_TEXT = "{event} · {numero}"
TEXT_LENGTH = 2000
_NAME = re.compile(r"\{(\w+)\}")


def standard(event: str, moment: datetime, data: dict[str, Any]) -> dict[str, Any]:
    """The body of the contract. `moment` is when it happened, not when it is sent."""
    return {"event": event, "timestamp": moment.astimezone(UTC).isoformat(), "data": data, "source": SOURCE}


def chat_text(template: str, event: str, data: dict[str, Any]) -> str:
    """The template with `{event}` and the names of `data` filled in; unknown names become nothing."""
    values = {"event": event, **data}
    return _NAME.sub(lambda match: str(values.get(match.group(1), "")), template or CHAT_TEXT)[:TEXT_LENGTH].strip(" ·")


def _slack(text: str) -> dict[str, Any]:
    return {"text": text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")}


def _teams(text: str) -> dict[str, Any]:
    """An adaptive card, as the Workflows of Microsoft Teams take it; older connectors read `text`."""
    card = {"type": "AdaptiveCard", "version": "1.4", "body": [{"type": "TextBlock", "text": text, "wrap": True}]}
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "content": card}
    return {"type": "message", "text": text, "attachments": [attachment]}


_CHATS = {"slack": _slack, "teams": _teams}


def body_bytes(shape: str, template: str, event: str, moment: datetime, data: dict[str, Any]) -> bytes:
    """UTF-8 JSON for an endpoint of that shape."""
    make = _CHATS.get(shape)
    content = make(chat_text(template, event, data)) if make else standard(event, moment, data)
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
