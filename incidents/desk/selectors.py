"""Reading saved views, workload and open pages, always within the asker's rights."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Min, Q, QuerySet
from django.utils import timezone

from incidents.case.choices import OPEN_STATES, Priority, State
from incidents.case.models import Incident
from incidents.case.selectors import incidents_filtered, incidents_visible_to
from prsystem.accounts.models import User
from prsystem.accounts.selectors import engineers_in, in_areas
from prsystem.core.errors import Missing
from prsystem.core.rights import Rights

from .models import Presence, SavedView

MOST_COUNTED = 100
PRESENT = timedelta(seconds=20)
MINE = "yo"


def views_visible_to(rights: Rights) -> QuerySet[SavedView]:
    """One's own, and those shared with a role that one holds or an area that one is in (with both: the role there)."""
    if rights.user_id is None:
        return SavedView.objects.none()
    areas = in_areas(rights.belongs, "area_id") & Q(area__isnull=False)
    shared = Q(role="") & areas
    for role in rights.roles:
        held = rights.areas([role])
        shared |= Q(role=role) & (Q(area=None) | in_areas(held, "area_id"))
    return SavedView.objects.filter(Q(owner_id=rights.user_id) | (Q(is_shared=True) & shared)).select_related(
        "owner", "area"
    )


def view_get(rights: Rights, slug: str) -> SavedView:
    """A view that the asker may use; Missing otherwise."""
    found = views_visible_to(rights).filter(slug=slug).first()
    if found is None:
        raise Missing()
    return found


def view_incidents(view: SavedView, rights: Rights, username: str) -> QuerySet[Incident]:
    """What the view shows to the asker; `asignado_a=yo` is whoever looks."""
    values = dict(view.filters)
    if values.get("asignado_a") == MINE:
        values["asignado_a"] = username
    return incidents_filtered(incidents_visible_to(rights), values)


def view_count(view: SavedView, rights: Rights, username: str) -> int:
    """How many it shows, at most MOST_COUNTED."""
    return len(view_incidents(view, rights, username).order_by().values_list("pk")[:MOST_COUNTED])


@dataclass(frozen=True)
class Load:
    """The open work of one engineer, within the asker's areas."""

    username: str
    name: str
    total: int = 0
    waiting: int = 0
    overdue: int = 0
    by_priority: tuple[int, ...] = (0, 0, 0, 0)
    oldest: object = None

    @property
    def priorities(self) -> list[tuple[str, int]]:
        return list(zip(Priority.values, self.by_priority, strict=True))


def workload(rights: Rights) -> list[Load]:
    """Everybody who may work where the asker works, most loaded first. Two queries."""
    counts = {row["assignee_id"]: row for row in _open_work(rights)}
    people = engineers_in(rights.works_incidents).only("username", "full_name")
    loads = [_load(user, counts.get(user.pk)) for user in people]
    return sorted(loads, key=lambda load: (-load.total, load.username))


def _open_work(rights: Rights) -> QuerySet:
    mine = Incident.objects.filter(in_areas(rights.works_incidents), assignee__isnull=False, state__in=OPEN_STATES)
    late = Q(resolution_due_at__lt=timezone.now()) & ~Q(state=State.WAITING)
    numbers = {code: Count("pk", filter=Q(priority=code)) for code in Priority.values}
    return (
        mine.order_by()
        .values("assignee_id")
        .annotate(
            total=Count("pk"),
            waiting=Count("pk", filter=Q(state=State.WAITING)),
            overdue=Count("pk", filter=late),
            oldest=Min("created_at"),
            **numbers,
        )
    )


def _load(user: User, row: dict | None) -> Load:
    if row is None:
        return Load(user.username, str(user))
    priorities = tuple(row[code] for code in Priority.values)
    return Load(user.username, str(user), row["total"], row["waiting"], row["overdue"], priorities, row["oldest"])


def others_present(incident_id: int, user_id: int) -> list[Presence]:
    """Who else has the incident's page open now."""
    fresh = Presence.objects.filter(incident_id=incident_id, seen_at__gt=timezone.now() - PRESENT)
    return list(fresh.exclude(user_id=user_id).select_related("user").order_by("user__username"))
