"""Webhook endpoints as a section of the configuration, without secrets and without addresses that are secrets."""

import os
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from prsystem.core.errors import InvalidInput
from prsystem.runtime.config.of_models import ModelSection
from prsystem.runtime.config.sections import EXTRA, REMOVED, Change, Item, Run

from .models import Endpoint
from .services import endpoint_disable

BY_REFERENCE = "env:"


def reference_of(name: str) -> str:
    """The environment's name for the address of a chat endpoint: `avisos-prod` -> `env:WEBHOOK_AVISOS_PROD_URL`."""
    return f"{BY_REFERENCE}WEBHOOK_{name.upper().replace('-', '_')}_URL"


@dataclass(frozen=True)
class EndpointSection(ModelSection):
    """Paths of chat webhooks are secrets: such an address stands as the name of a variable, which is read when the
    endpoint is made and left alone afterwards."""

    def _item(self, row: models.Model) -> Item:
        item = super()._item(row)
        if item["shape"] != Endpoint.Shape.STANDARD:
            item["url"] = reference_of(item["name"])
        return item

    def _fill(self, row: models.Model, item: Item) -> dict[str, Any]:
        return super()._fill(row, self._resolved(row, item))

    def _resolved(self, row: models.Model, item: Item) -> Item:
        url = str(item.get("url", ""))
        if not url.startswith(BY_REFERENCE):
            return item
        if row.pk is not None:
            return {name: value for name, value in item.items() if name != "url"}
        if not (found := os.environ.get(url.removeprefix(BY_REFERENCE), "")):
            text = _("The variable %(name)s holds the address and isn't set.")
            raise InvalidInput.field("url", text % {"name": url.removeprefix(BY_REFERENCE)})
        return {**item, "url": found}

    def _left_over(self, row: models.Model, run: Run) -> None:
        """Never removed: deliveries and the trail refer to it."""
        endpoint = Endpoint.objects.get(pk=row.pk)
        if endpoint.state == Endpoint.State.DISABLED:
            return
        if run.prune:
            endpoint_disable(actor=run.actor, endpoint_id=endpoint.pk)
        run.changes.append(Change(self.code, endpoint.name, REMOVED if run.prune else EXTRA))
