"""The rows of webhooks."""

from .webhooks.models import AllowedTarget, Attempt, DeadLetter, Delivery, DeliveryCount, Endpoint

__all__ = ["AllowedTarget", "Attempt", "DeadLetter", "Delivery", "DeliveryCount", "Endpoint"]
