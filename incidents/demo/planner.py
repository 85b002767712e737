"""Puts reports, lives, comments and articles together. Pure; the order of calls to `random` is the seed's meaning."""

from collections import defaultdict
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from random import Random

from .content import LooseReport, Problem, Wording, loose_reports, problems
from .lessons import DRAFTS, article_of
from .lives import live_finished, live_open, relapse_of
from .moments import minutes_after, report_moment
from .people import REPORTERS
from .phrases import AFTERWORDS, MERGED
from .plan import DAYS, INCIDENTS, ArticlePlan, CommentPlan, DemoPlan, IncidentPlan, LinkPlan, Turn
from .talk import talk

OPEN = ("nuevo",) * 24 + ("en_progreso",) * 24 + ("en_espera",) * 14
MEAN_AGE_HOURS = {"nuevo": 14.0, "en_progreso": 40.0, "en_espera": 110.0}
OLDEST_OPEN_HOURS = 24 * 24
CRITICAL_NOW = {"nuevo": 11, "en_progreso": 55}
MERGES = 12
ENGLISH_SPEAKER = "kevin.walters"
RELATED = 25


class Planner:
    """One run: makes incidents, gives each a life, then writes the articles that they left."""

    def __init__(self, now: datetime, seed: int) -> None:
        self.now = now.replace(microsecond=0)
        self.random = Random(seed)  # noqa: S311 - a repeatable demo, not a secret
        self.problems = problems()
        self.loose = loose_reports()
        self.of_problem: dict[str, list[IncidentPlan]] = defaultdict(list)
        self.incidents: list[IncidentPlan] = []
        self.references = 4100

    def plan(self) -> DemoPlan:
        self._known_problems()
        self._loose_reports()
        self._number()
        self._show_every_state_to("ana")
        links = [*self._merge_duplicates(), *self._relate()]
        for incident in self.incidents:
            incident.relapse = relapse_of(incident)
            talk(self.random, incident, self.now)
        articles = [article_of(self.random, p, self._solved(p), self.now) for p in self.problems]
        return DemoPlan(self.now, tuple(self._with_drafts(articles)), tuple(self.incidents), tuple(links))

    def _known_problems(self) -> None:
        """Reports of known problems: all but a few of those written, so that the total is INCIDENTS."""
        unsolved = sum(not report.done for report in self.loose)
        states = list(OPEN)
        self.random.shuffle(states)
        self.loose_states, states = states[:unsolved], states[unsolved:]
        spare = sum(len(p.reports) for p in self.problems) + len(self.loose) - INCIDENTS
        short = set(self.random.sample([p.slug for p in self.problems if len(p.reports) > 2], spare))
        still_open = self._problems_open_now(states)
        for problem in self.problems:
            reports = problem.reports[: -1 if problem.slug in short else None]
            self._incidents_of(problem, reports, still_open.get(problem.slug))

    def _problems_open_now(self, states: list[str]) -> dict[str, str]:
        """Slug -> state of the last report of a problem; two critical ones among them, one new and one in work."""
        critical = [p.slug for p in self.problems if (p.impact, p.urgency) == (1, 1)]
        others = [p.slug for p in self.problems if (p.impact, p.urgency) != (1, 1)]
        chosen = dict(zip(self.random.sample(critical, 2), CRITICAL_NOW, strict=True))
        self.critical_now = set(chosen)
        rest = list(states)
        for state in chosen.values():
            rest.remove(state)
        return chosen | dict(zip(self.random.sample(others, len(rest)), rest, strict=True))

    def _incidents_of(self, problem: Problem, reports: list[Wording], open_state: str | None) -> None:
        moments = sorted(report_moment(self.random, self.now, DAYS, problem.area) for _ in reports)
        for n, (wording, moment) in enumerate(zip(reports, moments, strict=True)):
            is_open = open_state is not None and n == len(reports) - 1
            at = self._open_since(problem.slug, open_state or "", moments[:n]) if is_open else moment
            incident = self._report(problem.area, wording, at, problem.flags)
            incident.impact, incident.urgency = self._grades(problem, is_open)
            incident.article = problem.slug
            fresh = is_open and open_state == "nuevo" and self.random.random() < 0.6
            self._live(incident, "L1" if fresh else self._level(problem), open_state if is_open else None)
            if not is_open:
                incident.solution = f"{problem.done} {self.random.choice(AFTERWORDS)}".strip()
                incident.cause = problem.cause
            self.of_problem[problem.slug].append(incident)

    def _loose_reports(self) -> None:
        states = iter(self.loose_states)
        for report in self.loose:
            state = None if report.done else next(states)
            at = report_moment(self.random, self.now, DAYS, report.area) if report.done else self._age(state or "")
            incident = self._report(report.area, report.wording, at, frozenset())
            incident.impact, incident.urgency, incident.solution = report.impact, report.urgency, report.done
            self._live(incident, self._level(report), state)

    def _report(self, area: str, wording: Wording, at: datetime, flags: frozenset[str]) -> IncidentPlan:
        source = "web"
        if "api" in flags and self.random.random() < 0.6:
            source = "api"
        elif self.random.random() < (0.6 if "correo" in flags else 0.07):
            source = "correo"
        incident = IncidentPlan(
            key=-1,
            title=wording.title,
            description=wording.description,
            area=area,
            lang=wording.lang,
            impact=2,
            urgency=2,
            source=source,
            reporter=self._reporter(area, wording.lang),
            created_at=at,
        )
        if source == "api" or (area in ("PROD", "LOG") and self.random.random() < 0.08):
            self._from_system(incident)
        self.incidents.append(incident)
        return incident

    def _from_system(self, incident: IncidentPlan) -> None:
        """Reported by the MES or the ERP through the API: nobody's name, but a reference of theirs."""
        self.references += self.random.randrange(3, 40)
        name = "ERP" if incident.area == "LOG" else "MES"
        incident.source, incident.reporter = "api", None
        incident.external_reference = f"{name}-{incident.created_at:%y%m}-{self.references:06d}"

    def _reporter(self, area: str, lang: str) -> str:
        """People of the area mostly; anybody may report to TI and maintenance. `ana` reports one in seven."""
        if lang == "en" and self.random.random() < 0.8:
            return ENGLISH_SPEAKER
        if self.random.random() < 1 / 7:
            return "ana"
        anybody = [person for person in REPORTERS if person.username not in ("ana", ENGLISH_SPEAKER)]
        share_of_others = {"TI": 0.6, "MANT": 0.5}.get(area, 0.1)
        own = [person for person in anybody if person.works_in == area]
        return self.random.choice(anybody if self.random.random() < share_of_others else own).username

    def _live(self, incident: IncidentPlan, level: str, open_state: str | None) -> None:
        if open_state is None:
            live_finished(self.random, incident, level, self.now)
        else:
            live_open(self.random, incident, level, open_state, self.now)

    def _grades(self, problem: Problem, is_open: bool) -> tuple[int, int]:
        """As written, sometimes one step less pressing; what is critical now stays critical."""
        if (is_open and problem.slug in self.critical_now) or self.random.random() > 0.3:
            return problem.impact, problem.urgency
        if self.random.random() < 0.5:
            return min(problem.impact + 1, 3), problem.urgency
        return problem.impact, min(problem.urgency + 1, 3)

    def _level(self, source: Problem | LooseReport) -> str:
        """One in five is solved a level lower than usual, because the answer is known by then."""
        lower = {"L1": "L1", "L2": "L1", "L3": "L2"}
        return lower[source.level] if self.random.random() < 0.2 else source.level

    def _open_since(self, slug: str, state: str, earlier: list[datetime]) -> datetime:
        """When an open incident was reported, later than the problem's earlier ones."""
        if slug in self.critical_now:
            return self.now - timedelta(minutes=CRITICAL_NOW[state])
        return max([self._age(state), *(moment + timedelta(minutes=30) for moment in earlier)])

    def _age(self, state: str) -> datetime:
        hours = min(self.random.expovariate(1 / MEAN_AGE_HOURS[state]) + 0.15, OLDEST_OPEN_HOURS)
        return self.now - timedelta(seconds=int(hours * 3600))

    def _show_every_state_to(self, username: str) -> None:
        """The account that people try first has a report in every state; the newest of a state becomes its own."""
        has = {incident.state for incident in self.incidents if incident.reporter == username}
        for incident in reversed(self.incidents):
            if incident.state not in has and incident.reporter and incident.lang == "es":
                incident.reporter = username
                has.add(incident.state)

    def _number(self) -> None:
        self.incidents.sort(key=lambda incident: (incident.created_at, incident.title))
        for key, incident in enumerate(self.incidents):
            incident.key = key

    def _solved(self, problem: Problem) -> list[IncidentPlan]:
        solved = [i for i in self.of_problem[problem.slug] if i.resolved_at]
        return sorted(solved, key=lambda incident: incident.resolved_at or self.now)

    def _merge_duplicates(self) -> list[LinkPlan]:
        """Two people report the same event within minutes; the second report is merged into the first."""
        links = []
        for slug in self.random.sample([p.slug for p in self.problems if p.impact == 1], MERGES):
            first, second = self.of_problem[slug][:2]
            if first.resolved_at and second.resolved_at:
                self._merge(first, second)
                links.append((second, first))
        self._number()
        for second, first in links:
            second.merged_into = first.key
        return [self._link(second, first, "duplicada", second.closed_at) for second, first in links]

    def _merge(self, first: IncidentPlan, second: IncidentPlan) -> None:
        closes = first.resolved_at or self.now
        second.created_at = first.created_at + (closes - first.created_at) * 0.2
        second.created_at = min(second.created_at, minutes_after(self.random, first.created_at, 3, 12))
        second.created_at = second.created_at.replace(microsecond=0)
        merged_at = (second.created_at + (closes - second.created_at) * 0.2).replace(microsecond=0)
        merged_at = min(merged_at, minutes_after(self.random, second.created_at, 2, 25))
        if second.reporter == first.reporter:
            second.reporter = next(p.username for p in REPORTERS if p.username != first.reporter)
        second.turns, second.waits, second.state = (Turn("L1", None, None),), (), "cerrado"
        second.resolved_at, second.closed_at = None, merged_at
        second.solution = second.cause = ""
        second.article, second.merged_into = None, first.key  # numbered again once all are merged
        second.comments = [CommentPlan(first.turns[0].person or "luis", self.random.choice(MERGED), merged_at)]

    def _relate(self) -> list[LinkPlan]:
        """Later cases of a problem point to the one before."""
        pairs = [
            (later, earlier)
            for cases in self.of_problem.values()
            for earlier, later in pairwise(cases)
            if later.merged_into is None and earlier.merged_into is None and later.taken_at
        ]
        chosen = self.random.sample(pairs, RELATED)
        return [self._link(later, earlier, "relacionada", later.taken_at) for later, earlier in chosen]

    def _link(self, source: IncidentPlan, target: IncidentPlan, kind: str, at: datetime | None) -> LinkPlan:
        by = source.assignee or source.closer
        return LinkPlan(source.key, target.key, kind, by, at or self.now)

    def _with_drafts(self, articles: list[ArticlePlan]) -> list[ArticlePlan]:
        """The youngest improvements still wait for somebody to publish them."""
        improved = [a for a in articles if len(a.versions) > 1 and a.versions[-1].origin is not None]
        waiting = {a.slug for a in sorted(improved, key=lambda a: a.versions[-1].created_at)[-DRAFTS:]}
        return [
            replace(a, versions=(*a.versions[:-1], replace(a.versions[-1], publisher=None))) if a.slug in waiting else a
            for a in articles
        ]
