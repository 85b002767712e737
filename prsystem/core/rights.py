"""The one access gate: what a person may see and do, from the roles held and the areas they are held in. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

EVERYWHERE = None


class Role(TextChoices):
    REPORTER = "reporter", _("Reporter")
    L1 = "l1", _("Support L1")
    L2 = "l2", _("Support L2")
    L3 = "l3", _("Support L3")
    EDITOR = "editor", _("Knowledge editor")
    AUDITOR = "auditor", _("Auditor")
    ADMIN = "admin", _("Administrator")


SUPPORT = frozenset({Role.L1, Role.L2, Role.L3})
READS_INCIDENTS = SUPPORT | {Role.AUDITOR, Role.ADMIN}
WORKS_INCIDENTS = SUPPORT | {Role.ADMIN}
READS_DRAFTS = SUPPORT | {Role.EDITOR, Role.AUDITOR, Role.ADMIN}
WRITES_DRAFTS = SUPPORT | {Role.EDITOR, Role.ADMIN}
PUBLISHES = frozenset({Role.L2, Role.L3, Role.EDITOR, Role.ADMIN})


@dataclass(frozen=True)
class AreaSet:
    """A set of area ids; `everywhere` stands for all, also those made later."""

    everywhere: bool = False
    ids: frozenset[int] = frozenset()

    def __contains__(self, area_id: int) -> bool:
        return self.everywhere or area_id in self.ids

    def __bool__(self) -> bool:
        return self.everywhere or bool(self.ids)


@dataclass(frozen=True)
class Rights:
    """What one person holds. `user_id` is None for those who aren't people (API keys carry areas of their own)."""

    user_id: int | None
    grants: dict[str, AreaSet] = field(default_factory=dict)

    @classmethod
    def from_grants(
        cls, user_id: int | None, grants: Iterable[tuple[str, int | None]], *, is_superuser: bool = False
    ) -> "Rights":
        collected: dict[str, set[int | None]] = {}
        for role, area_id in grants:
            collected.setdefault(role, set()).add(area_id)
        if is_superuser:
            collected[Role.ADMIN] = {EVERYWHERE}
        return cls(user_id, {role: _area_set(areas) for role, areas in collected.items()})

    def areas(self, roles: Iterable[str]) -> AreaSet:
        """Where at least one of the roles is held."""
        held = [self.grants[role] for role in roles if role in self.grants]
        return AreaSet(any(a.everywhere for a in held), frozenset().union(*(a.ids for a in held)))

    @property
    def roles(self) -> list[str]:
        return [role for role in Role.values if role in self.grants]

    @property
    def belongs(self) -> AreaSet:
        """Areas in which any role is held: where a person may report and read the area's knowledge."""
        return self.areas(Role.values)

    @property
    def reads_incidents(self) -> AreaSet:
        return self.areas(READS_INCIDENTS)

    @property
    def works_incidents(self) -> AreaSet:
        return self.areas(WORKS_INCIDENTS)

    @property
    def reads_drafts(self) -> AreaSet:
        return self.areas(READS_DRAFTS)

    @property
    def writes_drafts(self) -> AreaSet:
        return self.areas(WRITES_DRAFTS)

    @property
    def publishes(self) -> AreaSet:
        return self.areas(PUBLISHES)

    @property
    def is_admin(self) -> bool:
        return self.areas([Role.ADMIN]).everywhere

    @property
    def reads_audit(self) -> bool:
        """The trail belongs to no area: whoever reads it sees what happened everywhere."""
        return self.areas([Role.AUDITOR, Role.ADMIN]).everywhere

    @property
    def is_support(self) -> bool:
        return bool(self.works_incidents)

    @property
    def levels(self) -> list[str]:
        """Queues of the person's own: L1, L2, L3; all for an administrator."""
        return [role.upper() for role in (Role.L1, Role.L2, Role.L3) if self.is_admin or role in self.grants]


def _area_set(areas: set[int | None]) -> AreaSet:
    return AreaSet(EVERYWHERE in areas, frozenset(a for a in areas if a is not None))
