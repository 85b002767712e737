"""Models of the integrations, each in the subpackage that it belongs to."""

from integrations.backups.models import BackupRun, RestorePoint

from .api_keys.models import ApiKey, Scope
from .mail.models import InboundMail, OutgoingMail
from .nodes.models import ModelNode
from .webhooks.models import AllowedTarget, Attempt, DeadLetter, Delivery, DeliveryCount, Endpoint

__all__ = [
    "AllowedTarget",
    "ApiKey",
    "Attempt",
    "BackupRun",
    "DeadLetter",
    "Delivery",
    "DeliveryCount",
    "Endpoint",
    "InboundMail",
    "ModelNode",
    "OutgoingMail",
    "RestorePoint",
    "Scope",
]
