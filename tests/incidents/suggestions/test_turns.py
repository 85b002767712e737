"""Whose proposal is made first, as the product asks for them: the demo's backlog, an import, a person's report."""

from datetime import UTC, datetime

import pytest

from incidents.demo.load import demo_load
from incidents.intake.reporting import Report, incident_report
from incidents.models import Incident, Suggestion
from incidents.moves.scanning import scan_enqueue
from incidents.suggestions.selectors import suggestion_line
from incidents.suggestions.services import suggestion_draft
from knowledge.models import IndexGeneration
from knowledge.services.indexing import INDEX, index_is_new, index_request
from prsystem.accounts.models import Area, User
from prsystem.core.context import Actor
from prsystem.core.jobs import claiming, queue
from prsystem.core.models import Job
from prsystem.core.rights import Rights, Role
from tests.incidents.makers import make_article
from tests.jobs import job_run

pytestmark = pytest.mark.django_db
Lane = Job.Lane


def place_of(suggestion: Suggestion) -> int:
    line = suggestion_line(suggestion)
    assert line is not None
    return line.place


@pytest.fixture(autouse=True)
def one_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claiming, "here", claiming.Worker())


def due_now() -> None:
    Job.objects.update(run_at=datetime(2026, 1, 1, tzinfo=UTC))


def reported(reporter: User | None, area: Area, label: str = "", **fields: str) -> Incident:
    rights = reporter.rights if reporter else Rights.from_grants(None, [(Role.REPORTER, area.pk)])
    actor = Actor(
        "user" if reporter else "api_key", label or "ana", user_id=reporter.pk if reporter else None, rights=rights
    )
    report = Report(title="La banda no arranca", description="Se detiene.", area=area.code, **fields)
    return incident_report(actor=actor, report=report, reporter=reporter)


def next_job() -> Job:
    job = claiming.claim_next(queue.wanted())
    assert job is not None
    return job


def test_a_newcomer_s_report_goes_before_the_demo_s_proposals() -> None:
    demo_load()
    ana = User.objects.get(username="ana")
    incident = reported(ana, Area.objects.get(code="PROD"))
    due_now()
    waiting = Suggestion.objects.filter(state=Suggestion.State.PENDING).count()
    assert Job.objects.filter(lane=Lane.BACKLOG, kind="suggestion.draft").count() == waiting - 1 > 20
    assert next_job().kind == INDEX  # what the report is answered from
    job = next_job()
    assert (job.kind, job.payload) == ("incident.assist", {"incident_id": incident.pk})


def test_the_place_in_line_is_that_of_its_turn() -> None:
    demo_load()
    ana, prod = User.objects.get(username="ana"), Area.objects.get(code="PROD")
    backlog = Suggestion.objects.filter(state=Suggestion.State.PENDING).latest("pk")
    first, second = (reported(ana, prod).suggestions.get() for _ in range(2))
    assert [place_of(one) for one in (first, second)] == [1, 2]
    critical = reported(ana, prod, priority="P1").suggestions.get()
    assert [place_of(one) for one in (critical, first, second)] == [1, 2, 3]
    assert place_of(backlog) == Suggestion.objects.filter(state=Suggestion.State.PENDING).count()


def test_a_system_that_reports_a_thousand_things_does_not_keep_people_waiting(ana: User, prod: Area) -> None:
    for _ in range(30):
        reported(None, prod, "ERP")
    incident = reported(ana, prod)
    due_now()
    assert {"incident_id": incident.pk} in [next_job().payload for _ in range(2)]


def test_a_critical_report_goes_first(ana: User, prod: Area) -> None:
    reported(ana, prod)
    critical = reported(ana, prod, priority="P1")
    due_now()
    assert next_job().payload == {"incident_id": critical.pk}


def test_files_that_the_antivirus_could_not_look_at_go_behind_new_ones() -> None:
    scan_enqueue(1, delay_seconds=60)
    scan_enqueue(2)
    assert list(Job.objects.order_by("pk").values_list("lane", flat=True)) == [Lane.AGAIN, Lane.PEOPLE]


@pytest.mark.parametrize("kind", sorted({"manual.index", "mail.collect", "backup.tick", "backup.archive"}))
def test_what_the_clock_asks_for_again_and_again_is_one_job(kind: str, settings: object) -> None:
    """The drift check, the mailbox and the backups' round once ran beside themselves, each with a worker of its own."""
    from integrations.backups.ticking import backups_tick_request
    from integrations.mail.services import mail_collect_request
    from knowledge.services.indexing import index_request

    settings.IMAP_SERVER = object()  # type: ignore[attr-defined]
    ask = {"manual.index": index_request, "mail.collect": mail_collect_request}
    ask |= dict.fromkeys(("backup.tick", "backup.archive"), backups_tick_request)
    for _ in range(3):
        ask[kind]()
    Job.objects.exclude(kind=kind).delete()
    assert next_job().kind == kind
    ask[kind]()  # while it is in hand
    assert Job.objects.filter(kind=kind).count() == 2
    Job.objects.exclude(kind=kind).delete()
    assert claiming.claim_next(queue.wanted()) is None


def test_backups_of_all_kinds_are_one_at_a_time() -> None:
    kinds = ("backup.run", "backup.verify", "backup.drill")
    assert {queue._subjects[kind] for kind in kinds} == {"backup"}


def test_a_report_beside_the_very_first_index_is_answered_from_it(
    ana: User, prod: Area, models: dict[str, str]
) -> None:
    """A newcomer's first report got "no lo sé" while the demo's articles were being indexed."""
    make_article(prod, "Bomba sin presión")
    Job.objects.all().delete()
    index_request()
    suggestion = reported(ana, prod).suggestions.get()
    suggestion_draft(suggestion.pk)
    suggestion.refresh_from_db()
    assert suggestion.state == Suggestion.State.PENDING
    again = Job.objects.get(kind="suggestion.draft")
    assert again.lane == Lane.PEOPLE
    assert job_run(Job.objects.get(kind=INDEX).pk)
    due_now()
    assert job_run(again.pk)
    suggestion.refresh_from_db()
    assert suggestion.is_finished
    index_request()
    IndexGeneration.objects.update(created_at=datetime(2026, 1, 1, tzinfo=UTC))
    assert not index_is_new()  # a manual's index is nothing to wait for
