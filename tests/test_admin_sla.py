"""The console's pages of calendars and policies: what they refuse, and the recomputing that follows a change."""

import pytest
from django.urls import reverse

from audit.models import AuditEntry
from incidents.models import AreaCalendar, BusinessCalendar, SlaPolicy
from prsystem.accounts.models import Area, User
from prsystem.core.models import Job

from .people import browser

pytestmark = pytest.mark.django_db
ADD = reverse("admin:incidents_businesscalendar_add")


def calendar_form(*spans: tuple[int, str, str], days: tuple = (), areas: tuple = (), **fields: object) -> dict:
    data = {"name": "Planta", "zone": "", "country": "", "subdivision": "", **fields}
    rows = {
        "spans": [{"weekday": day, "starts": starts, "ends": ends} for day, starts, ends in spans],
        "days": list(days),
        "areas": [{"area": area.pk} for area in areas],
    }
    for prefix, given in rows.items():
        data |= {f"{prefix}-TOTAL_FORMS": len(given), f"{prefix}-INITIAL_FORMS": 0}
        data |= {f"{prefix}-{n}-{name}": value for n, row in enumerate(given) for name, value in row.items()}
    return data


def refused(answer) -> set[str]:
    """The fields of the form and the groups of rows that have errors."""
    assert answer.status_code == 200
    formsets = [inline.formset for inline in answer.context["inline_admin_formsets"]]
    bad = {formset.prefix for formset in formsets if formset.non_form_errors() or any(formset.errors)}
    return bad | set(answer.context["adminform"].form.errors)


def test_a_calendar_with_intervals_days_and_areas(eva: User, prod: Area) -> None:
    days = ({"day": "2026-12-24", "kind": "horario", "starts": "09:00", "ends": "13:00", "name": "Nochebuena"},)
    data = calendar_form((0, "09:00", "14:00"), (0, "16:00", "19:00"), days=days, areas=(prod,), country="mx")
    assert browser(eva).post(ADD, data).status_code == 302
    calendar = BusinessCalendar.objects.get(name="Planta")
    assert (calendar.country, calendar.spans.count(), calendar.days.count()) == ("MX", 2, 1)
    assert AreaCalendar.objects.get(area=prod).calendar == calendar
    entry = AuditEntry.objects.get(accion="calendar.created")
    assert entry.detalles["calendarspan"]["despues"] == ["0 09:00-14:00", "0 16:00-19:00"]
    assert Job.objects.filter(kind="sla.recompute").count() == 1
    page = browser(eva).get(reverse("admin:incidents_businesscalendar_change", args=[calendar.pk]))
    assert "09:00-13:00" in page.content.decode()


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (calendar_form(), "spans"),
        (calendar_form((0, "09:00", "14:00"), (0, "13:00", "19:00")), "spans"),
        (calendar_form((0, "22:00", "06:00"), (1, "05:00", "09:00")), "spans"),
        (calendar_form((0, "09:00", "14:00"), zone="Marte/Norte"), "zone"),
        (calendar_form((0, "09:00", "14:00"), country="ZZ"), "country"),
        (calendar_form((0, "09:00", "14:00"), country="ES", subdivision="ZZ"), "subdivision"),
        (calendar_form((0, "09:00", "14:00"), days=({"day": "2026-12-24", "kind": "horario"},)), "days"),
    ],
)
def test_what_a_calendar_refuses(eva: User, data: dict, name: str) -> None:
    assert refused(browser(eva).post(ADD, data)) == {name}
    assert not BusinessCalendar.objects.filter(name="Planta").exists()
    assert not Job.objects.filter(kind="sla.recompute").exists()


def test_around_the_clock_needs_no_interval(eva: User) -> None:
    assert browser(eva).post(ADD, calendar_form(is_always="on")).status_code == 302


def test_the_calendar_of_the_site_moves_and_is_not_removed(eva: User) -> None:
    site, always = BusinessCalendar.objects.order_by("-is_default")
    client, pages = browser(eva), reverse("admin:incidents_businesscalendar_changelist")
    delete = reverse("admin:incidents_businesscalendar_delete", args=[site.pk])
    assert client.post(delete, {"post": "yes"}).status_code == 403
    client.post(pages, {"action": "make_default", "_selected_action": [always.pk]})
    assert BusinessCalendar.objects.get(is_default=True) == always
    assert AuditEntry.objects.get(accion="calendar.made_default").usuario_id == eva.pk
    assert Job.objects.filter(kind="sla.recompute").exists()
    assert client.post(delete, {"post": "yes"}).status_code == 302


def policy_form(**fields: object) -> dict:
    names = [field.name for field in SlaPolicy._meta.fields if field.name.startswith(("response", "resolution"))]
    return {
        "name": "Urgentes",
        "position": 1,
        "is_enabled": "on",
        "warn_percent": 75,
        **dict.fromkeys(names, 60),
        **fields,
    }


def test_a_policy_leads_to_recomputing_and_saving_it_unchanged_does_not(eva: User) -> None:
    client = browser(eva)
    assert client.post(reverse("admin:incidents_slapolicy_add"), policy_form()).status_code == 302
    assert Job.objects.filter(kind="sla.recompute").count() == 1
    Job.objects.all().delete()
    change = reverse("admin:incidents_slapolicy_change", args=[SlaPolicy.objects.get(name="Urgentes").pk])
    assert client.post(change, policy_form()).status_code == 302
    assert not Job.objects.exists()
    assert client.post(change, policy_form(response_l1=0)).status_code == 200
    assert client.post(change, policy_form(warn_percent=100)).status_code == 200
