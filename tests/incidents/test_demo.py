"""The demo: its content, its plan, and loading it."""

import json
import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.text import slugify

from audit.models import AuditEntry
from incidents.board.period import Period
from incidents.board.selectors import board
from incidents.case.selectors import incidents_visible_to
from incidents.demo import people
from incidents.demo.content import ContentError, Wording, _wording, loose_reports, problems
from incidents.demo.golden import GOLDEN
from incidents.demo.lives import priority_of
from incidents.demo.load import DemoRefused, demo_load
from incidents.demo.plan import DemoPlan, IncidentPlan, plan_demo
from incidents.models import OPEN_STATES, Comment, Incident, Link, State, Suggestion
from knowledge.models import Article, Version
from prsystem.accounts.models import Area, User
from prsystem.core.models import Job, OutboxEvent
from prsystem.demo_accounts import ACCOUNTS, PASSWORD

NOW = datetime(2026, 11, 24, 18, 30, tzinfo=UTC)
PLACEHOLDER = re.compile(r"[{}]|[Ll]orem|TODO\b:|FIXME|XXX|%s")


@pytest.fixture(scope="module")
def plan() -> DemoPlan:
    return plan_demo(NOW)


class TestContent:
    def test_forty_problems_for_each_area_with_everything_filled_in(self) -> None:
        found = problems()
        assert Counter(p.area for p in found) == dict.fromkeys(people.AREAS, 40)
        for problem in found:
            assert problem.problem and problem.cause and problem.done, problem.title
            assert len(problem.steps) >= 3 and len(problem.reports) >= 2, problem.title

    def test_slugs_are_those_the_knowledge_service_makes(self) -> None:
        assert [p.slug for p in problems()] == [slugify(p.title)[:90].strip("-") for p in problems()]

    def test_no_text_is_used_twice(self) -> None:
        found = problems()
        for texts in (
            [p.title for p in found],
            [p.slug for p in found],
            [p.problem for p in found],
            [p.cause for p in found],
            [p.solution(9) for p in found],
            [r.title for p in found for r in p.reports] + [r.wording.title for r in loose_reports()],
        ):
            assert [text for text, count in Counter(texts).items() if count > 1] == []

    def test_an_improved_solution_has_a_step_more(self) -> None:
        problem = next(p for p in problems() if p.minors == [0, 1, 2])
        lengths = [len(problem.solution(minor).splitlines()) for minor in problem.minors]
        assert lengths == sorted(set(lengths))
        assert problem.solution(2).startswith("1. ")

    def test_the_language_of_a_report_is_told(self) -> None:
        assert Wording("Kardex tray stuck", "Tray 34 half way out. Unit 2 refuses every request.").lang == "en"
        assert Wording("Wi-Fi se pierde", "las pistolas se salen del WMS en el pasillo 8").lang == "es"

    def test_a_report_without_description_is_named(self) -> None:
        with pytest.raises(ContentError, match="sin descripcion"):
            _wording("sin descripcion")


class TestPlan:
    def test_counts(self, plan: DemoPlan) -> None:
        assert len(plan.articles) == 200
        assert len(plan.incidents) == 600
        assert sum(a.lang == "en" for a in plan.articles) == 10
        assert 15 <= sum(i.lang == "en" for i in plan.incidents) <= 60
        assert {a.visibility for a in plan.articles} == {"todos", "area", "soporte"}

    def test_the_same_arguments_give_the_same_plan(self, plan: DemoPlan) -> None:
        assert plan_demo(NOW) == plan
        assert plan_demo(NOW, seed=7) != plan

    def test_every_state_level_priority_and_source_occurs(self, plan: DemoPlan) -> None:
        assert {i.state for i in plan.incidents} == set(State.values)
        assert {i.level for i in plan.incidents} == {"L1", "L2", "L3"}
        assert {priority_of(i) for i in plan.incidents} == {"P1", "P2", "P3", "P4"}
        assert {i.source for i in plan.incidents} == {"web", "correo", "api"}
        assert {i.area for i in plan.incidents} == set(people.AREAS)
        is_open = [i for i in plan.incidents if i.state in OPEN_STATES]
        assert 55 <= len(is_open) <= 65
        assert {(i.state, i.level) for i in is_open} >= {("nuevo", level) for level in ("L1", "L2", "L3")}

    def test_two_critical_incidents_are_open_now(self, plan: DemoPlan) -> None:
        hot = [i for i in plan.incidents if priority_of(i) == "P1" and NOW - i.created_at < timedelta(hours=1)]
        assert {i.state for i in hot} >= {"nuevo", "en_progreso"}

    @pytest.mark.parametrize("seed", [1, 2, 3])
    def test_ana_has_a_report_in_every_state(self, seed: int) -> None:
        hers = {i.state for i in plan_demo(NOW, seed).incidents if i.reporter == "ana"}
        assert hers == set(State.values)

    @pytest.mark.parametrize("seed", [1, 2, 20_260])
    def test_moments_follow_each_other_and_never_lie_ahead(self, seed: int) -> None:
        for incident in plan_demo(NOW, seed).incidents:
            moments = moments_of(incident)
            assert moments == sorted(moments), incident
            assert moments[-1] <= NOW
            assert NOW - incident.created_at <= timedelta(days=90)
            assert all(incident.created_at <= comment.at <= NOW for comment in incident.comments)

    def test_incidents_are_what_their_state_says(self, plan: DemoPlan) -> None:
        for incident in plan.incidents:
            merged = incident.merged_into is not None
            is_done = incident.state in (State.RESOLVED, State.CLOSED) and not merged
            assert bool(incident.solution) == is_done == (incident.resolved_at is not None)
            assert (incident.closed_at is not None) == (incident.state == State.CLOSED)
            assert incident.assignee or incident.state == State.NEW or merged
            assert (incident.state == State.WAITING) == any(wait.until is None for wait in incident.waits)
            assert bool(incident.external_reference) == (incident.reporter is None)

    def test_a_duplicate_is_merged_into_an_earlier_open_one(self, plan: DemoPlan) -> None:
        merged = [i for i in plan.incidents if i.merged_into is not None]
        assert merged
        for incident in merged:
            survivor = plan.incidents[incident.merged_into or 0]
            assert survivor.created_at < incident.created_at < (incident.closed_at or NOW)
            assert (incident.closed_at or NOW) < (survivor.resolved_at or NOW)
            assert survivor.merged_into is None
            assert survivor.reporter != incident.reporter

    def test_versions_follow_each_other_and_come_from_incidents(self, plan: DemoPlan) -> None:
        learned = 0
        for article in plan.articles:
            moments = [v.created_at for v in article.versions]
            assert moments == sorted(moments) and moments[-1] <= NOW
            assert article.published() is not None
            for version in article.versions:
                if version.origin is not None:
                    learned += 1
                    assert plan.incidents[version.origin].article == article.slug
                    assert plan.incidents[version.origin].resolved_at == version.created_at
        assert learned > 20
        assert sum(a.versions[-1].publisher is None for a in plan.articles) == 4

    def test_no_text_is_empty_or_unfinished(self, plan: DemoPlan) -> None:
        texts = [t for i in plan.incidents for t in (i.title, i.description, *(c.body for c in i.comments))]
        texts += [t for a in plan.articles for v in a.versions for t in (a.title, v.problem, v.cause, v.solution)]
        assert all(text.strip() for text in texts)
        assert [text for text in texts if PLACEHOLDER.search(text)] == []
        assert max(len(i.title) for i in plan.incidents) <= 200

    def test_everybody_named_exists_and_may_do_it(self, plan: DemoPlan) -> None:
        for incident in plan.incidents:
            assert incident.reporter is None or incident.reporter in people.BY_USERNAME
            for turn in incident.turns:
                if turn.person:
                    assert turn.person in people.support_of(turn.level, incident.area)

    def test_golden_questions_name_articles(self, plan: DemoPlan) -> None:
        slugs = {article.slug for article in plan.articles}
        assert len(GOLDEN) >= 20
        assert [q.slug for q in GOLDEN if q.slug not in slugs] == []


def moments_of(incident: IncidentPlan) -> list[datetime]:
    found = [incident.created_at]
    for turn in incident.turns:
        found += [moment for moment in (turn.taken_at, turn.left_at) if moment]
    for wait in incident.waits:
        found += [moment for moment in (wait.since, wait.until) if moment]
    return found + [moment for moment in (incident.resolved_at, incident.closed_at) if moment]


@pytest.mark.django_db
class TestLoad:
    def test_everything_is_stored_and_a_second_load_creates_nothing(self, plan: DemoPlan) -> None:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            loaded = demo_load(now=NOW)
        assert loaded.is_new
        counted = {
            "areas": Area.objects.count(),
            "usuarios": User.objects.count(),
            "articulos": Article.objects.count(),
            "versiones": Version.objects.count(),
            "incidencias": Incident.objects.count(),
            "comentarios": Comment.objects.count(),
            "enlaces": Link.objects.count(),
            "opiniones": 166,
        }
        assert loaded.counts == counted
        assert counted["articulos"] == 200 and counted["incidencias"] == 600
        # One job is one statement; all the rest together are few.
        assert len([q for q in queries if "core_job" not in q["sql"]]) < 60

        again = demo_load(now=NOW + timedelta(days=1))
        assert not again.is_new and set(again.counts.values()) == {0}
        assert Incident.objects.count() == 600 and AuditEntry.objects.filter(accion="demo.loaded").count() == 1

    def test_rows_are_what_the_plan_says(self, plan: DemoPlan) -> None:
        demo_load(now=NOW)
        rows = list(Incident.objects.order_by("id"))
        assert [r.title for r in rows] == [i.title for i in plan.incidents]
        assert [r.created_at for r in rows] == [i.created_at for i in plan.incidents]
        assert all(r.resolution_due_at and r.response_due_at for r in rows)
        assert Article.objects.filter(current=None).count() == 0
        assert Version.objects.filter(state=Version.State.DRAFT).count() == 4
        for article in plan.articles:
            assert Article.objects.get(slug=article.slug).created_at == article.created_at
        learned = Version.objects.filter(origin__startswith="incidencia:").first()
        assert learned is not None
        assert Incident.objects.get(pk=learned.origin.partition(":")[2]).learned_version_id == learned.pk
        waiting = Incident.objects.filter(state=State.WAITING)
        assert all(row.waiting_since and row.waiting_reason for row in waiting)
        assert Incident.objects.filter(merged_into=None, state=State.CLOSED, resolved_at=None).count() == 0

    def test_the_trail_tells_each_life_in_order(self) -> None:
        demo_load(now=NOW)
        incident = Incident.objects.filter(state=State.CLOSED, level="L2", merged_into=None).first()
        assert incident is not None
        entries = list(AuditEntry.objects.filter(recurso=incident.resource).order_by("id"))
        actions = [entry.accion for entry in entries]
        assert actions[0] == "incident.reported" and actions[-1] == "incident.closed"
        assert {"incident.claimed", "incident.escalated", "incident.resolved"} <= set(actions)
        assert [e.timestamp for e in entries] == sorted(e.timestamp for e in entries)
        assert entries[0].timestamp == incident.created_at
        assert len(entries) == incident.version
        assert set(AuditEntry.objects.values_list("request_id", flat=True)) == {"demo"}

    def test_work_for_later_is_queued_and_nobody_outside_is_told(self) -> None:
        demo_load(now=NOW)
        open_count = Incident.objects.filter(state__in=OPEN_STATES).count()
        assert Job.objects.filter(kind="manual.index").count() == 1
        assert Job.objects.filter(kind="suggestion.draft").count() == open_count
        assert Suggestion.objects.filter(state=Suggestion.State.PENDING).count() == open_count
        assert OutboxEvent.objects.count() == 0

    def test_the_board_has_rates_to_show_and_each_reopening_its_trail(self) -> None:
        demo_load(now=NOW)
        first = (NOW - timedelta(days=89)).date()
        found = board(User.objects.get(username="eva").rights, Period(first, NOW.date(), UTC))
        for share, least in ((found.reopened, 10), (found.deflected, 40), (found.accepted_total, 40)):
            assert share.part >= least and 0 < share.rate < 1
        reopened = Incident.objects.filter(reopened_count=1)
        assert reopened.count() == AuditEntry.objects.filter(accion="incident.reopened").count() > 10
        for incident in reopened:
            pause = incident.pauses.get()
            assert incident.responded_at < pause.started_at < pause.ended_at < incident.resolved_at
            changes = AuditEntry.objects.filter(recurso=incident.resource).exclude(accion="incident.linked")
            assert changes.count() == incident.version

    def test_the_accounts_sign_in_and_the_others_can_not(self) -> None:
        demo_load(now=NOW)
        names = [account.username for account in ACCOUNTS]
        assert all(user.check_password(PASSWORD) for user in User.objects.filter(username__in=names))
        assert not any(user.has_usable_password() for user in User.objects.exclude(username__in=names))
        eva = User.objects.get(username="eva")
        assert eva.rights.is_admin and eva.is_staff
        luis, ana = User.objects.get(username="luis"), User.objects.get(username="ana")
        assert luis.rights.levels == ["L1"] and not ana.rights.is_support
        assert incidents_visible_to(luis.rights).count() == 600
        assert 0 < incidents_visible_to(ana.rights).count() < 150

    def test_it_refuses_where_the_operator_gave_a_key(self, settings) -> None:
        settings.DEMO_ALLOWED = False
        with pytest.raises(DemoRefused):
            demo_load(now=NOW)
        with pytest.raises(CommandError, match="SECRET_KEY") as refusal:
            call_command("demo")
        assert refusal.value.returncode == 2
        assert not User.objects.exists()

    def test_articles_of_the_same_name_stop_it_before_anything_is_written(self, plan: DemoPlan) -> None:
        area = Area.objects.create(code="OTRA", name="Otra")
        Article.objects.create(slug=plan.articles[0].slug, area=area)
        with pytest.raises(CommandError):
            call_command("demo")
        assert not Incident.objects.exists() and not User.objects.exists()

    def test_the_command_says_what_it_did(self) -> None:
        first, second, told = StringIO(), StringIO(), StringIO()
        call_command("demo", json=True, stdout=first)
        call_command("demo", json=True, stdout=second)
        call_command("demo", stdout=told)
        assert json.loads(first.getvalue())["incidencias"] == 600
        assert json.loads(second.getvalue()) | {"segundos": 0} == {
            "creado": False,
            **dict.fromkeys(
                [
                    *("areas", "usuarios", "articulos", "versiones", "incidencias", "comentarios", "enlaces"),
                    *("opiniones", "segundos"),
                ],
                0,
            ),
        }
        assert told.getvalue().strip()
