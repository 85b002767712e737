"""Which targets hold for an incident, in which calendar. Pure: the rows of the policies are read elsewhere."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from .clock import WARN_SHARE, Calendar

MINUTE = 60
RESPONSE_MINUTES = {"L1": 4 * 60, "L2": 2 * 60, "L3": 8 * 60}
RESOLUTION_MINUTES = {"P1": 8 * 60, "P2": 16 * 60, "P3": 40 * 60, "P4": 80 * 60}


@dataclass(frozen=True)
class Case:
    """What the rules look at in an incident."""

    area_id: int
    priority: str
    level: str
    source: str


@dataclass(frozen=True)
class Conditions:
    """All of them must hold; what is empty holds always."""

    area_id: int | None = None
    priority: str = ""
    level: str = ""
    source: str = ""

    def hold_for(self, case: Case) -> bool:
        return (
            self.area_id in (None, case.area_id)
            and self.priority in ("", case.priority)
            and self.level in ("", case.level)
            and self.source.casefold() in ("", case.source.casefold())
        )


@dataclass(frozen=True)
class Policy:
    """Minutes of working time by level and by priority; `calendar_id` None means the calendar of the area."""

    name: str
    response: Mapping[str, int]
    resolution: Mapping[str, int]
    conditions: Conditions = Conditions()
    warn_share: float = WARN_SHARE
    calendar_id: int | None = None


SHIPPED = Policy("", RESPONSE_MINUTES, RESOLUTION_MINUTES)


@dataclass(frozen=True)
class Book:
    """The policies in order and the calendars, as they are at one moment."""

    default: Calendar
    policies: Sequence[Policy] = ()
    calendars: Mapping[int, Calendar] = field(default_factory=dict)
    calendar_of_area: Mapping[int, int] = field(default_factory=dict)

    def policy_for(self, case: Case) -> Policy:
        """The first that matches; the shipped targets when none does."""
        return next((policy for policy in self.policies if policy.conditions.hold_for(case)), SHIPPED)

    def calendar_for(self, case: Case, policy: Policy) -> Calendar:
        """The policy's own, else the area's, else the site's."""
        chosen = policy.calendar_id or 0
        return self.calendars[chosen] if chosen in self.calendars else self.calendar_of(case.area_id)

    def calendar_of(self, area_id: int) -> Calendar:
        """The area's own, else the site's."""
        return self.calendars.get(self.calendar_of_area.get(area_id, 0), self.default)
