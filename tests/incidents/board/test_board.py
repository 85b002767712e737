"""The board: every figure is what a plain SQL query of its own says, within the areas that the asker reads."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.db.models import Value
from django.test.utils import CaptureQueriesContext

from incidents.board.parts import value_text
from incidents.board.period import Period, period_from
from incidents.board.selectors import Board, Share, board
from incidents.demo.load import demo_load
from incidents.models import Incident, IncidentPause, Suggestion, SuggestionRating
from knowledge.models import Article, ArticleFeedback
from prsystem.accounts.models import Area, User
from prsystem.core.errors import InvalidInput
from prsystem.core.rights import Role
from tests.people import api, browser, make_area, make_user

ZONE = ZoneInfo("America/Mexico_City")
TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 18, 30, tzinfo=UTC)


def rows(sql: str, **values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def one(sql: str, **values: Any) -> Any:
    return rows(sql, **values)[0][0]


@pytest.fixture
def demo(db: None, monkeypatch: pytest.MonkeyPatch) -> Random:
    """The demo data at NOW, with more of what it has little of: reopened, rated, solved without an incident."""
    demo_load(now=NOW)
    monkeypatch.setattr("incidents.case.risk.Now", lambda: Value(NOW))
    random = Random(7)
    people = list(User.objects.order_by("pk"))
    ended = list(Incident.objects.exclude(resolved_at=None).order_by("pk"))
    for incident in random.sample(ended, 60):
        life = incident.resolved_at - incident.created_at
        start = incident.created_at + life * random.uniform(0.2, 0.5)
        IncidentPause.objects.create(
            incident=incident, started_at=start, ended_at=start + life * random.uniform(0, 0.4), kind="resuelta"
        )
    for incident in random.sample(ended, 150):
        suggestion = Suggestion.objects.create(incident=incident, state="lista", rung=random.choice(["modelo", "cola"]))
        rating = SuggestionRating.objects.create(
            suggestion=suggestion, user=random.choice(people), was_helpful=random.random() < 0.7
        )
        at = NOW - timedelta(days=random.uniform(0, 200))
        SuggestionRating.objects.filter(pk=rating.pk).update(created_at=at)
    for article in random.sample(list(Article.objects.order_by("pk")), 80):
        said = ArticleFeedback.objects.create(
            article=article, user=people[0], was_helpful=True, resolved_without_case=random.random() < 0.6
        )
        at = NOW - timedelta(days=random.uniform(0, 200))
        ArticleFeedback.objects.filter(pk=said.pk).update(created_at=at)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # else the plain queries are planned for empty tables
    return random


def quantile(values: list[timedelta], share: float) -> timedelta | None:
    """As PostgreSQL's percentile_cont: between two values where it falls between them."""
    if not values:
        return None
    ordered = sorted(values)
    place = (len(ordered) - 1) * share
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


class Plain:
    """The same figures by queries that have nothing in common with the selector's."""

    def __init__(self, period: Period, areas: list[str]) -> None:
        self.values = {"a": period.starts_at, "b": period.ends_at, "areas": areas, "now": NOW}
        self.period = period

    def one(self, sql: str, **values: Any) -> Any:
        return one(sql.replace("{mine}", MINE), **self.values, **values)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return rows(sql.replace("{mine}", MINE), **self.values)

    def check(self, found: Board) -> None:
        self._check_open(found)
        self._check_flow(found)
        self._check_times(found)
        self._check_rates(found)

    def _check_open(self, found: Board) -> None:
        counted = self.rows(
            "SELECT i.id, a.code, i.level FROM incidents_incident i JOIN accounts_area a ON a.id = i.area_id"
            " WHERE {mine} AND i.state NOT IN ('resuelto', 'cerrado')"
        )
        for row in found.open:
            for level, count in row.by_level.items():
                assert count == len([1 for _pk, code, at in counted if (code, at) == (row.code, level)])
        assert found.open_total == len(counted)
        late = (
            "(coalesce(i.waiting_since, %(now)s) >= i.resolution_{m}_at"
            " OR i.responded_at IS NULL AND coalesce(i.waiting_since, %(now)s) >= i.response_{m}_at)"
        )
        breached, warned = (f"coalesce({late.replace('{m}', name)}, false)" for name in ("due", "warn"))
        for state, condition in (("vencido", breached), ("en_riesgo", f"NOT {breached} AND {warned}")):
            for level, states in found.targets.items():
                assert states[state] == self.one(
                    "SELECT count(*) FROM incidents_incident i WHERE {mine} AND level = %(level)s"
                    f" AND state NOT IN ('resuelto', 'cerrado') AND {condition}",
                    level=level,
                )
        assert sum(found.standing(state) for state in ("ok", "en_riesgo", "vencido")) == found.open_total

    def _check_flow(self, found: Board) -> None:
        assert found.flow[0].first == self.period.first and found.flow[-1].last == self.period.last
        for stretch in found.flow:
            start, end = (
                datetime(day.year, day.month, day.day, tzinfo=self.period.zone)
                for day in (stretch.first, stretch.last + timedelta(days=1))
            )
            assert stretch.reported == self.one(
                "SELECT count(*) FROM incidents_incident i WHERE {mine} AND created_at >= %(s)s AND created_at < %(e)s",
                s=start,
                e=end,
            )
            assert stretch.open == self.one(
                "SELECT count(*) FROM incidents_incident i WHERE {mine} AND created_at < %(e)s"
                " AND (coalesce(resolved_at, closed_at) IS NULL OR coalesce(resolved_at, closed_at) >= %(e)s)"
                " AND NOT EXISTS (SELECT 1 FROM incidents_incidentpause p WHERE p.incident_id = i.id"
                " AND kind = 'resuelta' AND started_at < %(e)s AND ended_at >= %(e)s)",
                e=end,
            )

    def _check_times(self, found: Board) -> None:
        answered = self.rows(
            "SELECT priority, first_response_at - created_at FROM incidents_incident i WHERE {mine}"
            " AND created_at >= %(a)s AND created_at < %(b)s AND first_response_at IS NOT NULL"
        )
        resolved = self.rows(
            "SELECT priority, resolved_at - created_at FROM incidents_incident i WHERE {mine}"
            " AND resolved_at >= %(a)s AND resolved_at < %(b)s"
        )
        for told, taken in ((found.response, answered), (found.resolution, resolved)):
            assert [row.priority for row in told] == ["", "P1", "P2", "P3", "P4"]
            for row in told:
                own = [time for priority, time in taken if row.priority in ("", priority)]
                assert row.count == len(own)
                for value, share in ((row.median, 0.5), (row.p90, 0.9)):
                    expected = quantile(own, share)
                    assert (value is None) == (expected is None)
                    assert value is None or expected is None or abs(value - expected) < timedelta(milliseconds=1)

    def _check_rates(self, found: Board) -> None:
        within = "{m} >= %(a)s AND {m} < %(b)s"
        pauses = (
            "SELECT count(*) FROM incidents_incidentpause p JOIN incidents_incident i ON i.id = p.incident_id"
            " WHERE {mine} AND kind = 'resuelta' AND "
        )
        resolved = "SELECT count(*) FROM incidents_incident i WHERE {mine} AND " + within.replace("{m}", "resolved_at")
        last, earlier = self.one(resolved), self.one(pauses + within.replace("{m}", "started_at"))
        assert found.reopened == Share(self.one(pauses + within.replace("{m}", "ended_at")), last + earlier)
        assert found.in_time == Share(self.one(resolved + " AND resolved_at <= resolution_due_at"), last)
        spared = self.one(
            "SELECT count(*) FROM knowledge_articlefeedback f JOIN knowledge_article i ON i.id = f.article_id"
            " WHERE {mine} AND resolved_without_case AND " + within.replace("{m}", "f.created_at")
        )
        by_people = self.one(
            "SELECT count(*) FROM incidents_incident i WHERE {mine} AND reporter_id IS NOT NULL AND "
            + within.replace("{m}", "created_at")
        )
        assert found.deflected == Share(spared, spared + by_people)
        rated = self.rows(
            "SELECT s.rung, r.was_helpful FROM incidents_suggestionrating r"
            " JOIN incidents_suggestion s ON s.id = r.suggestion_id JOIN incidents_incident i ON i.id = s.incident_id"
            " WHERE {mine} AND citation_id IS NULL AND " + within.replace("{m}", "r.created_at")
        )
        for rung, share in found.accepted.items():
            assert share == Share(sum(good for at, good in rated if at == rung), sum(at == rung for at, _good in rated))
        assert found.accepted_total == Share(sum(good for _at, good in rated), len(rated))


MINE = "i.area_id IN (SELECT id FROM accounts_area WHERE code = ANY(%(areas)s))"
EVERY = ["PROD", "MANT", "CAL", "TI", "LOG"]


def periods() -> Iterator[Period]:
    yield Period(date(2026, 10, 26), TODAY, ZONE)
    yield Period(date(2026, 5, 6), TODAY, ZONE)
    yield Period(date(2026, 9, 1), date(2026, 9, 1), ZONE)


@pytest.mark.django_db
class TestFigures:
    def test_every_figure_is_what_plain_sql_says_on_the_demo_data(self, demo: Random) -> None:
        eva, of_two = User.objects.get(username="eva"), make_user("dos", Role.L2, Role.AUDITOR)
        of_two.grants.all().delete()
        for role, code in ((Role.L2, "PROD"), (Role.AUDITOR, "LOG"), (Role.REPORTER, "TI")):
            of_two.grants.create(role=role, area=Area.objects.get(code=code))
        of_two = User.objects.get(pk=of_two.pk)
        for period in periods():
            everything = board(eva.rights, period)
            Plain(period, EVERY).check(everything)
            Plain(period, ["CAL"]).check(board(eva.rights, period, Area.objects.get(code="CAL")))
            Plain(period, ["PROD", "LOG"]).check(board(of_two.rights, period))
        assert everything.period.days == 1

    def test_there_is_something_to_count(self, demo: Random) -> None:
        """The comparison above would also hold for nothing."""
        found = board(User.objects.get(username="eva").rights, Period(date(2026, 5, 6), TODAY, ZONE))
        assert found.open_total > 20 and found.standing("vencido") > 0 and len(found.open) == 5
        assert found.reopened.part > 20 and found.deflected.part > 20 and found.accepted_total.whole > 100
        assert found.response[0].count > 300 and all(row.median for row in found.resolution)
        assert found.period.is_by_week and max(row.ended for row in found.flow) > 10

    def test_the_number_of_queries_does_not_grow_with_the_period(self, demo: Random) -> None:
        rights = User.objects.get(username="eva").rights
        with CaptureQueriesContext(
            connection,
        ) as queries:
            board(rights, Period(date(2025, 1, 1), TODAY, ZONE))
        assert len(queries) <= 11


class TestTexts:
    @pytest.mark.parametrize(("part", "whole", "text"), [(31, 39, "79,5 %"), (7, 195, "3,6 %"), (0, 9, "0,0 %")])
    def test_a_rate_is_rounded_not_cut(self, part: int, whole: int, text: str) -> None:
        assert value_text(Share(part, whole).rate) == text


class TestPeriod:
    def test_thirty_days_when_nothing_is_given(self) -> None:
        assert period_from({}, TODAY, ZONE) == Period(date(2026, 10, 26), TODAY, ZONE)
        assert period_from({"hasta": "2026-01-31"}, TODAY, ZONE).first == date(2026, 1, 2)

    def test_the_future_is_left_out(self) -> None:
        assert period_from({"desde": "2026-11-20", "hasta": "2099-01-01"}, TODAY, ZONE).last == TODAY

    @pytest.mark.parametrize(
        ("values", "name"),
        [
            ({"desde": "2026-11-10", "hasta": "2026-11-01"}, "hasta"),
            ({"desde": "2026-12-01"}, "desde"),
            ({"desde": "ayer"}, "desde"),
            ({"hasta": "2026-02-30"}, "hasta"),
            ({"hasta": "\x00"}, "hasta"),
            ({"desde": "2001-01-01"}, "desde"),
            ({"desde": "0001-01-01", "hasta": "0001-01-05"}, "desde"),
            ({"hasta": "9" * 400}, "hasta"),
        ],
    )
    def test_what_can_not_be_used_is_named(self, values: dict[str, str], name: str) -> None:
        with pytest.raises(InvalidInput) as error:
            period_from(values, TODAY, ZONE)
        assert name in error.value.errors

    def test_weeks_begin_on_mondays_and_miss_no_day(self) -> None:
        stretches = list(Period(date(2026, 5, 6), TODAY, ZONE).stretches())
        assert all(first.weekday() == 0 for first, _last in stretches[1:])
        assert all(after[0] == before[1] + timedelta(days=1) for before, after in pairwise(stretches))

    def test_a_day_that_is_an_hour_longer(self) -> None:
        madrid = Period(date(2026, 10, 25), date(2026, 10, 25), ZoneInfo("Europe/Madrid"))
        assert madrid.ends_at.astimezone(UTC) - madrid.starts_at.astimezone(UTC) == timedelta(hours=25)


@pytest.mark.django_db
class TestSurfaces:
    def test_page_api_and_file_tell_the_same(self, demo: Random) -> None:
        eva = User.objects.get(username="eva")
        query = "desde=2026-10-01&hasta=2026-10-31&area=prod"
        told = api(eva).get(f"/api/tablero?{query}").json()
        assert told["area"] == "PROD" and told["intervalo"] == "dia" and len(told["flujo"]) == 31
        page = browser(eva).get(f"/tablero/?{query}")
        assert page.status_code == 200
        total = sum(row["total"] for row in told["abiertas"])
        assert page.context["tiles"][0].value == total
        lines = browser(eva).get(f"/tablero/exportar?{query}").content.decode("utf-8-sig").splitlines()
        flow = [line.split(",") for line in lines if line.split(",")[0] == page.context["parts"][2].title]
        assert [int(line[3]) for line in flow[2::3]] == [row["abiertas"] for row in told["flujo"]]

    def test_charts_are_data_and_every_one_has_its_table(self, demo: Random) -> None:
        page = browser(User.objects.get(username="eva")).get("/tablero/?desde=2026-01-01")
        text = page.content.decode()
        charts = page.context["charts"]
        assert len(charts) == 6 and text.count('role="img"') == 6 and text.count("board-table") == 6
        assert 'id="tablero-datos" type="application/json"' in text

    def test_an_area_that_one_does_not_read_is_none(self, luis: User, ana: User, mant: Area) -> None:
        for address in ("/tablero/", "/tablero/exportar"):
            assert browser(luis).get(f"{address}?area=PROD").status_code == 200
            assert browser(luis).get(f"{address}?area=MANT").status_code == 404
            assert browser(luis).get(f"{address}?area=NADA%00").status_code == 404
            assert browser(ana).get(address).status_code == 404
        assert api(luis).get("/api/tablero?area=MANT").status_code == 404
        assert api(ana).get("/api/tablero").status_code == 404
        assert api().get("/api/tablero").status_code == 401

    def test_what_is_wrong_is_told_without_figures(self, luis: User) -> None:
        page = browser(luis).get("/tablero/?desde=2026-11-10&hasta=2026-11-01")
        assert page.status_code == 400 and "tablero-datos" not in page.content.decode()
        answer = api(luis).get("/api/tablero?desde=ayer")
        assert answer.status_code == 400 and list(answer.json()["errores"]) == ["desde"]
        assert browser(luis).get("/tablero/exportar?desde=ayer").status_code == 400

    def test_nothing_yet(self, luis: User) -> None:
        page = browser(luis).get("/tablero/")
        assert page.status_code == 200 and page.context["charts"] == []

    def test_the_name_of_an_area_is_no_formula(self, eva: User) -> None:
        area = make_area("MAL", '=HYPERLINK("http://x")')
        Incident.objects.create(
            title="a", description="b", area=area, created_at=NOW, updated_at=NOW, level_since=NOW, reporter_label="x"
        )
        text = browser(eva).get("/tablero/exportar").content.decode()
        assert "\"'=HYPERLINK" in text and ",=HYPERLINK" not in text and ',"=HYPERLINK' not in text

    def test_the_link_is_for_those_who_may(self, luis: User, ana: User) -> None:
        assert 'href="/tablero/"' in browser(luis).get("/").content.decode()
        assert 'href="/tablero/"' not in browser(ana).get("/").content.decode()
