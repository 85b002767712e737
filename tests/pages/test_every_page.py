# ruff: noqa: F401, F811  fixtures of another module
"""No page is left out of the accessibility tests: every address that they make up leads somewhere."""

import pytest
from django.db.models import Model

from audit.models import AuditEntry
from incidents.models import Incident
from incidents.services.intake import Report, incident_report
from knowledge.models import Version
from prsystem.accounts.models import Area, User
from tests.browser.addresses import addresses
from tests.people import actor
from tests.test_admin import area, eva, rows, signed_in

pytestmark = pytest.mark.django_db


def test_every_address_is_filled_in_and_leads_somewhere(rows: dict[type[Model], Model], eva: User, area: Area) -> None:
    incident = incident_report(actor=actor(eva), report=Report("Banda parada", "No **arranca**.", "PROD"), reporter=eva)
    entry = AuditEntry.objects.order_by("pk").first()
    known, unknown = addresses(Incident.objects.get(pk=incident.pk), Version.objects.get(), eva.pk, entry.pk)
    client = signed_in(eva)
    assert not unknown
    assert not [path for path in known if client.get(path).status_code == 404]
