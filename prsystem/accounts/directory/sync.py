"""Compares the accounts that came from the directory with it: leavers are shut out, names and roles follow it."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import structlog
from django.utils.translation import gettext_lazy as _

from audit.services import Outcome, record
from prsystem.accounts.models import User
from prsystem.core.context import SYSTEM
from prsystem.core.errors import Conflict

from .client import Gone, bound, converse, person_by_identity
from .people import Person
from .services import person_keep, person_leave

log = structlog.get_logger(__name__)
BATCH = 50
BATCH_SECONDS = 60.0
# More missing than this at once isn't a staff change but a lost right or a wrong base: nobody is shut out.
MANY, MANY_SHARE = 10, 0.5


class TooManyMissing(Conflict):
    """The directory hides most of its people."""

    code = "directorio_incompleto"
    message = _("The directory no longer shows most of the people; nobody was shut out.")


@dataclass(frozen=True)
class Compared:
    """How many accounts were compared, and how many of them were shut out."""

    people: int
    left: int


def directory_sync() -> Compared:
    """One comparison. DirectoryDown when the directory doesn't answer: everybody keeps what he has."""
    found = list(_looked_up())
    missing = sum(isinstance(entry, Gone) and entry.reason == "missing" for _pk, entry in found)
    if missing > MANY and missing > MANY_SHARE * len(found):
        record(SYSTEM, "directory.sync_refused", "directorio:1", {"ausentes": missing}, Outcome.FAILED)
        raise TooManyMissing()
    left = sum(_applied(user_id, entry) for user_id, entry in found)
    log.info("directory.compared", people=len(found), left=left)
    return Compared(len(found), left)


def _looked_up() -> Iterator[tuple[int, Person | Gone]]:
    people = User.objects.filter(directory_id__isnull=False, is_active=True).values_list("pk", "directory_id")
    remaining = iter(list(people))
    while batch := list(islice(remaining, BATCH)):
        yield from converse(lambda batch=batch: _ask(batch), seconds=BATCH_SECONDS)  # type: ignore[misc]


def _ask(batch: list[tuple[int, str]]) -> list[tuple[int, Person | Gone]]:
    with bound() as connection:
        return [(user_id, person_by_identity(connection, identity)) for user_id, identity in batch]


def _applied(user_id: int, entry: Person | Gone) -> bool:
    if isinstance(entry, Gone):
        return person_leave(user_id=user_id, reason=entry.reason)
    person_keep(person=entry)
    return False
