"""Puts the plan of the demo into the database: one transaction, few statements, and nothing the second time."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.models import AuditEntry
from audit.services import build_entry, record, record_all
from incidents.case.models import Incident
from incidents.escalation.sweep import sla_mark_past
from knowledge.models import Article
from knowledge.services.indexing import index_request
from prsystem.accounts.models import Area, RoleGrant, User
from prsystem.core.context import SYSTEM, RequestContext, current
from prsystem.core.errors import Conflict, NotAllowed
from prsystem.demo_accounts import PASSWORD

from . import people
from .cast import Cast
from .load_incidents import (
    comments_insert,
    incidents_insert,
    incidents_tie,
    links_insert,
    pauses_insert,
    suggestions_ask,
)
from .load_knowledge import articles_insert
from .load_opinions import opinions_insert
from .plan import SEED, DemoPlan, plan_demo
from .trail import events_of_article, events_of_incident

LOADED = "demo.loaded"
RESOURCE = "sistema:demo"
LOCK = 0x5052_4445  # "PRDE": two loads never run side by side
Advance = Callable[[int], object]


class DemoRefused(NotAllowed):
    """Others reach the site: this is no place for accounts with a published password."""

    code = "demo_no_permitida"
    message = _(
        "Demo data is only loaded where nobody but this machine reaches the site, without SECRET_KEY: its accounts "
        "have a published password."
    )


@dataclass(frozen=True)
class Loaded:
    """What exists after a load; `is_new` is False when it was there already. Counts by name."""

    is_new: bool
    counts: dict[str, int] = field(default_factory=dict)


def _ignore(_count: int) -> None:
    """Nobody watches."""


def demo_load(*, now: datetime | None = None, seed: int = SEED, advance: Advance = _ignore) -> Loaded:
    """Load the demo as of `now`. A second load creates nothing.

    `advance(n)` is told of work done, STEPS in all. Raises DemoRefused where others reach the site and Conflict
    when articles with the demo's names exist from elsewhere. The audit entries carry the moments of the plan and the
    request id `demo`; one entry with the real moment says that they were loaded.
    """
    if not settings.DEMO_ALLOWED:
        raise DemoRefused()
    token = current.set(RequestContext(request_id="demo"))
    try:
        with transaction.atomic():
            return _load_once(plan_demo(now or timezone.now(), seed), advance)
    finally:
        current.reset(token)


STEPS = 9


def _load_once(plan: DemoPlan, advance: Advance) -> Loaded:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    earlier = AuditEntry.objects.filter(recurso=RESOURCE, accion=LOADED).first()
    if earlier:
        return Loaded(False, dict.fromkeys(earlier.detalles, 0))
    if Article.objects.filter(slug__in=[article.slug for article in plan.articles]).exists():
        raise Conflict(_("Articles with the names of the demo's exist already; nothing was loaded."))
    counts = _insert(plan, advance)
    record(SYSTEM, LOADED, RESOURCE, counts)
    return Loaded(True, counts)


def _insert(plan: DemoPlan, advance: Advance) -> dict[str, int]:
    cast = _people_insert()
    advance(1)
    incidents = incidents_insert(plan, cast)
    advance(2)
    shelf = articles_insert(plan, cast, incidents)
    advance(1)
    incidents_tie(plan, incidents, shelf)
    pauses_insert(plan, incidents)
    advance(1)
    comments = comments_insert(plan, cast, incidents)
    links = links_insert(plan, incidents)
    advance(1)
    _trail_insert(plan, cast, incidents, comments)
    advance(2)
    index_request(queue="urgent")  # one job: whoever reports in the first minute is answered from it
    opinions = opinions_insert(plan, cast, incidents, shelf)
    open_ones = [incident for incident in incidents if incident.is_open]
    sla_mark_past(open_ones, plan.now)
    suggestions_ask(open_ones)
    advance(1)
    return {
        "areas": len(cast.areas),
        "usuarios": len(cast.users),
        "articulos": len(plan.articles),
        "versiones": sum(len(article.versions) for article in plan.articles),
        "incidencias": len(incidents),
        "comentarios": sum(len(said) for said in comments.values()),
        "enlaces": links,
        "opiniones": opinions,
    }


def _people_insert() -> Cast:
    """Areas, people and their roles; whoever exists already stays as he is."""
    Area.objects.bulk_create([Area(code=c, name=n) for c, n in people.AREAS.items()], ignore_conflicts=True)
    password, unusable = make_password(PASSWORD), make_password(None)
    User.objects.bulk_create(
        [_user(person, password if person.can_sign_in else unusable) for person in people.PEOPLE],
        ignore_conflicts=True,
    )
    cast = Cast(
        areas={area.code: area for area in Area.objects.filter(code__in=people.AREAS)},
        users={user.username: user for user in User.objects.filter(username__in=people.BY_USERNAME)},
    )
    grants = [grant for person in people.PEOPLE for grant in _grants(person, cast)]
    RoleGrant.objects.bulk_create(grants, ignore_conflicts=True)
    return cast


def _user(person: people.Person, password: str) -> User:
    is_admin = person.role == "admin"
    return User(
        username=person.username,
        first_name=person.first_name,
        last_name=person.last_name,
        full_name=person.full_name,
        email=f"{person.username}@planta.example",
        password=password,
        is_staff=is_admin,
        is_superuser=is_admin,
    )


def _grants(person: people.Person, cast: Cast) -> list[RoleGrant]:
    user = cast.users[person.username]
    if person.areas == people.EVERYWHERE:
        return [RoleGrant(user=user, role=person.role, area=None)]
    return [RoleGrant(user=user, role=person.role, area=cast.areas[code]) for code in person.areas]


def _trail_insert(plan: DemoPlan, cast: Cast, incidents: list[Incident], comments: dict[int, list[int]]) -> None:
    """The audit entries that the changes would have left, in order of time."""
    articles = {article.slug: article for article in plan.articles}
    events = [event for article in plan.articles for event in events_of_article(article, incidents)]
    for incident in plan.incidents:
        events += events_of_incident(incident, plan, articles, incidents, comments.get(incident.key, []))
    entries = []
    for event in sorted(events, key=lambda event: event.at):
        entry = build_entry(cast.actor(event.actor), event.action, event.resource, event.details)
        entry.timestamp = event.at
        entries.append(entry)
    record_all(entries)
