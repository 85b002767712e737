"""What the next shift of an area has to know, for those who read the area's incidents."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Case, Count, F, Q, QuerySet, When
from django.utils import timezone

from incidents.board.selectors import ENDED
from incidents.case.choices import OPEN_STATES, Level, State
from incidents.case.models import Incident
from incidents.case.risk import target_state
from incidents.intake.models import MaintenanceWindow, Storm
from prsystem.accounts.models import Area
from prsystem.core.rights import Rights

from .models import BoardMail, ShiftNote
from .stretch import Shift

MOST_ROWS = 50
NOTES_FOR = timedelta(hours=24)


@dataclass(frozen=True)
class Listed:
    """The first MOST_ROWS of a list, and how many there are."""

    rows: list[Incident]
    total: int

    @property
    def more(self) -> int:
        return self.total - len(self.rows)


@dataclass(frozen=True)
class Brief:
    """The hand-over of one area at one moment."""

    area: Area
    shift: Shift
    now: datetime
    open_by_level: dict[str, int]
    came_in: Listed
    ended: Listed
    late: Listed
    promised: Listed
    waiting: Listed
    escalated: Listed
    storms: list[Storm]
    maintenance: list[MaintenanceWindow]
    notes: list[ShiftNote]

    @property
    def open_total(self) -> int:
        return sum(self.open_by_level.values())


def brief_of(area: Area, shift: Shift) -> Brief:
    """The caller has made sure that the area may be read."""
    now = timezone.now()
    incidents = Incident.objects.filter(area=area).select_related("assignee").defer("search", "description")
    is_open = incidents.filter(state__in=OPEN_STATES).annotate(standing=target_state(now), due=_next_due())
    running = is_open.exclude(state=State.WAITING).filter(due__gt=now, due__lte=shift.until)
    escalated = is_open.filter(level_since__gte=shift.since, level_since__gt=F("created_at"), level__gt=Level.L1)
    ended = incidents.annotate(ended=ENDED).filter(ended__gte=shift.since, ended__lte=now)
    return Brief(
        area=area,
        shift=shift,
        now=now,
        open_by_level=_by_level(area),
        came_in=_listed(incidents.filter(created_at__gte=shift.since).order_by("priority", "id")),
        ended=_listed(ended.order_by("-ended", "-id")),
        late=_listed(is_open.filter(standing__in=["vencido", "en_riesgo"]).order_by("priority", "due", "id")),
        promised=_listed(running.order_by("due", "id")),
        waiting=_listed(is_open.filter(state=State.WAITING).order_by("waiting_since", "id")),
        escalated=_listed(escalated.order_by("-level_since", "-id")),
        storms=list(_storms(area, shift)),
        maintenance=list(_windows(area, now, shift)),
        notes=list(ShiftNote.objects.filter(area=area, created_at__gte=now - NOTES_FOR).select_related("author")),
    )


def _next_due() -> Case:
    """The target that counts now: the answer until there is one, then the resolution."""
    return Case(When(responded_at=None, then=F("response_due_at")), default=F("resolution_due_at"))


def _listed(rows: QuerySet[Incident]) -> Listed:
    found = list(rows[: MOST_ROWS + 1])
    return Listed(found[:MOST_ROWS], len(found) if len(found) <= MOST_ROWS else rows.count())


def _by_level(area: Area) -> dict[str, int]:
    rows = Incident.objects.filter(area=area, state__in=OPEN_STATES).order_by().values_list("level")
    return dict.fromkeys(Level.values, 0) | dict(rows.annotate(count=Count("pk")))


def _storms(area: Area, shift: Shift) -> QuerySet[Storm]:
    """Events that came again in the shift and whose incident is open."""
    found = Storm.objects.filter(incident__area=area, incident__state__in=OPEN_STATES, total__gt=1)
    return found.filter(last_at__gte=shift.since).select_related("incident").order_by("-total", "-id")[:MOST_ROWS]


def _windows(area: Area, now: datetime, shift: Shift) -> QuerySet[MaintenanceWindow]:
    """On now, or beginning before the next shift ends."""
    concerned = Q(area=None) | Q(area=area)
    return MaintenanceWindow.objects.filter(concerned, ends_at__gt=now, starts_at__lt=shift.until).order_by("starts_at")


def board_mails_of(rights: Rights) -> QuerySet[BoardMail]:
    """One's own; all for administrators."""
    if rights.user_id is None:
        return BoardMail.objects.none()
    found = BoardMail.objects.select_related("area", "user")
    return found if rights.is_admin else found.filter(user_id=rights.user_id)
