"""The whole demo as plain data: who reported what when, who solved it how, and what was learned. Pure and seeded.

`plan_demo(now, seed)` gives the same plan for the same arguments; every moment is aware and not later than `now`.
"""

from dataclasses import dataclass, field
from datetime import datetime

DAYS = 90
INCIDENTS = 600
SEED = 20_260


@dataclass(frozen=True)
class VersionPlan:
    """Version 1.`minor`. A draft has no publisher; `origin` is the key of the incident it was learned from."""

    minor: int
    problem: str
    cause: str
    solution: str
    author: str
    publisher: str | None
    created_at: datetime
    origin: int | None = None


@dataclass(frozen=True)
class ArticlePlan:
    """An article; `visibility` is a stored code of the product (`todos`, `area`, `soporte`)."""

    slug: str
    title: str
    area: str
    lang: str
    visibility: str
    owner: str
    versions: tuple[VersionPlan, ...]

    @property
    def created_at(self) -> datetime:
        return self.versions[0].created_at

    def published(self, at: datetime | None = None) -> VersionPlan | None:
        """The version that is read, or was read at the moment `at`; None before the first."""
        known = [v for v in self.versions if v.publisher and (at is None or v.created_at <= at)]
        return known[-1] if known else None


@dataclass(frozen=True)
class Turn:
    """A stay in the queue of a level: taken by `person` at `taken_at` (None: nobody yet), escalated at `left_at`."""

    level: str
    person: str | None
    taken_at: datetime | None
    left_at: datetime | None = None
    reason: str = ""


@dataclass(frozen=True)
class Wait:
    """A pause; `until` None means that it still waits."""

    reason: str
    since: datetime
    until: datetime | None


@dataclass(frozen=True)
class CommentPlan:
    author: str
    body: str
    at: datetime
    is_internal: bool = False


@dataclass(frozen=True)
class Relapse:
    """It was resolved, and reopened because it wasn't."""

    reason: str
    resolved_at: datetime
    reopened_at: datetime


@dataclass
class IncidentPlan:
    """A report and its life. `key` is its place by time of report; `impact` and `urgency`: 1 is high, 3 is low."""

    key: int
    title: str
    description: str
    area: str
    lang: str
    impact: int
    urgency: int
    source: str
    reporter: str | None
    created_at: datetime
    external_reference: str = ""
    state: str = "nuevo"
    turns: tuple[Turn, ...] = ()
    waits: tuple[Wait, ...] = ()
    relapse: Relapse | None = None
    comments: list[CommentPlan] = field(default_factory=list)
    resolved_at: datetime | None = None
    closed_at: datetime | None = None
    solution: str = ""
    cause: str = ""
    article: str | None = None
    merged_into: int | None = None

    @property
    def level(self) -> str:
        return self.turns[-1].level

    @property
    def assignee(self) -> str | None:
        return self.turns[-1].person

    @property
    def taken_at(self) -> datetime | None:
        """When its present engineer took it."""
        return self.turns[-1].taken_at

    @property
    def level_since(self) -> datetime:
        """When it came to its present level."""
        return self.turns[-2].left_at or self.created_at if len(self.turns) > 1 else self.created_at

    @property
    def closer(self) -> str:
        """Who ended it: support a duplicate, the reporter what was solved, its engineer what a system reported."""
        if self.merged_into is not None:
            return self.comments[0].author
        return self.reporter or self.assignee or ""

    @property
    def edits(self) -> int:
        """The edit counter after all of its changes."""
        changes = sum((t.taken_at is not None) + (t.left_at is not None) for t in self.turns)
        pauses = sum(1 + (w.until is not None) for w in self.waits)
        endings = (self.resolved_at is not None) + (self.closed_at is not None)
        return 1 + changes + pauses + endings + 2 * (self.relapse is not None) + len(self.comments)

    @property
    def updated_at(self) -> datetime:
        """Its last change."""
        turns = (moment for turn in self.turns for moment in (turn.taken_at, turn.left_at))
        waits = (moment for wait in self.waits for moment in (wait.since, wait.until))
        said = (comment.at for comment in self.comments)
        moments = (self.created_at, *turns, *waits, *said, self.resolved_at, self.closed_at)
        return max(moment for moment in moments if moment is not None)

    @property
    def first_response_at(self) -> datetime | None:
        return self.turns[0].taken_at


@dataclass(frozen=True)
class LinkPlan:
    """Keys of two incidents, a stored kind (`relacionada`, `duplicada`), and who linked them when."""

    source: int
    target: int
    kind: str
    by: str
    at: datetime


@dataclass(frozen=True)
class DemoPlan:
    """Incidents in the order of their reports; `incidents[n].key == n`."""

    now: datetime
    articles: tuple[ArticlePlan, ...]
    incidents: tuple[IncidentPlan, ...]
    links: tuple[LinkPlan, ...]


def plan_demo(now: datetime, seed: int = SEED) -> DemoPlan:
    """200 articles and 600 incidents over the 90 days before `now`."""
    from .planner import Planner

    return Planner(now, seed).plan()
