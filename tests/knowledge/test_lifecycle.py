"""Review, rejection, archive, recall and dates: by API and page, for the right people alone."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from audit.models import AuditEntry
from incidents.models import Comment, Incident
from incidents.moves.recalling import version_recall_tell
from knowledge.models import Article, Notice, Passage, ValidPeriod, Version
from knowledge.services import Lesson, version_learn
from knowledge.services.indexing import article_index
from knowledge.services.lifecycle import reviews_remind
from prsystem.accounts.models import Area, User
from prsystem.core.context import SYSTEM
from prsystem.core.models import Job, OutboxEvent
from tests.incidents.makers import claimed, make_article, make_incident, make_suggestion
from tests.people import api, browser, make_user

pytestmark = pytest.mark.django_db
ONE = "/api/conocimiento/prensa-sin-presion"
PAGE = "/conocimiento/prensa-sin-presion"
MOVES = ["revision", "rechazar", "retirar", "archivar", "desarchivar"]


def post(user: User, move: str, **body: Any) -> Any:
    return api(user).post(f"{ONE}/{move}", body)


def found(user: User) -> list[Any]:
    return api(user).get("/api/conocimiento/buscar", {"query": "prensa pierde presión"}).json()["resultados"]


@pytest.fixture
def published(prod: Area, marta: User) -> Version:
    version = make_article(prod)
    article_index(version.article_id)
    Article.objects.filter(pk=version.article_id).update(owner=marta)
    return version


@pytest.mark.parametrize("move", MOVES)
def test_moves_need_a_token_and_the_area(move: str, published: Version, ivan: User) -> None:
    assert api().post(f"{ONE}/{move}", {}).status_code == 401
    assert post(ivan, move, version="1.0", motivo="x").status_code == 404


def test_a_draft_goes_through_review(prod: Area, luis: User, marta: User, ana: User) -> None:
    make_article(prod, publish=False)
    assert post(luis, "revision").json()["estado"] == "en_revision"
    assert post(luis, "revision").status_code == 409
    assert [version.state for version in browser(marta).get("/").context["drafts"]] == ["en_revision"]
    assert post(luis, "publicar").status_code == 403
    assert api(ana).get(ONE).status_code == 404
    assert post(marta, "publicar").json()["estado"] == "publicada"
    assert api(ana).get(ONE).status_code == 200


def test_a_rejected_draft_keeps_its_reason_and_is_never_published(prod: Area, luis: User, marta: User) -> None:
    make_article(prod, publish=False)
    assert post(luis, "rechazar", motivo="Falta el par de apriete").status_code == 403
    assert post(marta, "rechazar", motivo=" ").status_code == 400
    assert post(marta, "rechazar", motivo="Falta el par de apriete").json()["estado"] == "rechazada"
    assert post(marta, "publicar", version="1.0").status_code == 409
    assert "Falta el par de apriete" in browser(luis).get(f"{PAGE}/versiones/1.0").content.decode()


def test_an_archived_article_is_neither_read_nor_found_until_it_is_back(
    published: Version, ana: User, luis: User, marta: User
) -> None:
    assert post(luis, "archivar").status_code == 403
    assert post(marta, "archivar").json() == {"articulo": "prensa-sin-presion", "archivado": True}
    assert (found(ana), api(ana).get(ONE).status_code) == ([], 404)
    assert Version.objects.get().state == "archivada"
    assert post(marta, "archivar").status_code == 409
    assert post(marta, "desarchivar").json()["archivado"] is False
    article_index(published.article_id)
    assert len(found(ana)) == 1
    assert post(marta, "desarchivar").status_code == 409


def test_a_recalled_version_is_gone_at_once_and_everybody_concerned_is_told(
    published: Version, ana: User, luis: User, marta: User
) -> None:
    incident = claimed(make_incident(ana), luis)
    other = make_incident(ana, "La prensa se calienta")
    make_suggestion(incident, published)
    assert len(found(ana)) == 1
    assert post(luis, "retirar", version="1.0", motivo="Junta equivocada").status_code == 403
    assert post(marta, "retirar", version="1.0", motivo="Junta equivocada").json()["estado"] == "retirada"
    assert found(ana) == []
    assert not Passage.objects.exists()
    version_recall_tell(**Job.objects.get(kind="version.recalled").payload)
    version_recall_tell(**Job.objects.get(kind="version.recalled").payload)
    comment = Comment.objects.get()
    assert (comment.incident_id, comment.is_internal) == (incident.pk, True)
    assert "Junta equivocada" in comment.body
    assert set(Notice.objects.values_list("user__username", "kind")) == {("luis", "retirada"), ("marta", "retirada")}
    assert "Junta equivocada" in browser(marta).get("/").content.decode()
    assert OutboxEvent.objects.filter(event="conocimiento.version_retirada").count() == 1
    assert AuditEntry.objects.filter(accion="version.recalled").count() == 1
    cited = api(luis).get(f"/api/incidencias/{incident.pk}/sugerencia").json()["citas"]
    assert [cite["retirada"] for cite in cited] == [True]
    rows = api(luis).get(f"{ONE}/versiones/1.0/incidencias").json()["resultados"]
    assert [row["numero"] for row in rows] == [incident.number]
    page = browser(luis).get(f"{PAGE}/versiones/1.0/incidencias").content.decode()
    assert incident.number in page
    assert other.number not in page


def test_who_resolved_a_case_with_a_recalled_version_is_told_as_well(
    published: Version, ana: User, luis: User, marta: User, mant: Area
) -> None:
    gone, moved = make_user("gil", "l1", areas=[mant]), make_user("mia", "l1", areas=[mant])
    User.objects.filter(pk=gone.pk).update(is_active=False)
    for number, assignee in enumerate((luis, luis, gone, moved)):
        incident = claimed(make_incident(ana, f"La prensa {number} no prensa"), luis)
        make_suggestion(incident, published)
        Incident.objects.filter(pk=incident.pk).update(state="cerrado", solution="Cambiar la junta.", assignee=assignee)
    assert post(marta, "retirar", version="1.0", motivo="Junta equivocada").status_code == 200
    version_recall_tell(published.pk)
    told = Notice.objects.filter(kind="retirada", text="Junta equivocada").values_list("user__username", flat=True)
    assert sorted(told) == ["luis", "marta"]
    assert not Comment.objects.exists()


def test_a_recalled_text_comes_back_by_no_way(published: Version, marta: User) -> None:
    post(marta, "retirar", version="1.0", motivo="Junta equivocada")
    assert post(marta, "publicar", version="1.0").status_code == 409
    assert post(marta, "restaurar", version="1.0").status_code == 409
    assert post(marta, "retirar", version="1.0", motivo="otra vez").status_code == 409


def test_who_may_not_see_the_incidents_is_not_told_of_them(
    published: Version, ana: User, ivan: User, luis: User
) -> None:
    incident = make_incident(luis)
    make_suggestion(incident, published)
    Article.objects.update(visibility="todos")
    for person in (ana, ivan):
        assert api(person).get(f"{ONE}/versiones/1.0/incidencias").json()["resultados"] == []
        assert incident.number not in browser(person).get(f"{PAGE}/versiones/1.0/incidencias").content.decode()
    assert Incident.objects.count() == 1


def test_the_list_as_of_a_day_shows_what_was_valid_then(published: Version, marta: User, ivan: User) -> None:
    now = timezone.now()
    ValidPeriod.objects.update(since=now - timedelta(days=10))
    second = make_version_of(published, "Cambiar la bomba.")
    ValidPeriod.objects.filter(version=second).update(since=now - timedelta(days=5))
    post(marta, "retirar", version="1.1", motivo="Error")
    ValidPeriod.objects.filter(version=second).update(until=now - timedelta(days=2))
    shown = [numbers_on(marta, days) for days in (20, 8, 4, 1)]
    assert shown == [[], ["1.0"], ["1.1"], []]
    assert numbers_on(ivan, 8) == []


def make_version_of(version: Version, solution: str) -> Version:
    article = Article.objects.get(pk=version.article_id)
    lesson = Lesson(area=article.area, lang="es", title=version.title, problem="Gotea.", solution=solution)
    return version_learn(actor=SYSTEM, lesson=lesson, article=article.slug, publish=True)


def numbers_on(user: User, days_ago: int) -> list[str]:
    day = timezone.localdate() - timedelta(days=days_ago)
    page = browser(user).get("/conocimiento/", {"fecha": day.isoformat()})
    return [period.version.number for period in page.context["periods"]]


def test_the_owner_is_asked_once_to_review_and_answers(published: Version, marta: User, luis: User) -> None:
    Article.objects.update(review_on=timezone.localdate())
    assert (reviews_remind(), reviews_remind()) == (1, 0)
    assert Notice.objects.get().user_id == marta.pk
    assert browser(luis).post(f"{PAGE}/revisado").status_code == 403
    assert browser(marta).post(f"{PAGE}/revisado").status_code == 302
    assert Article.objects.get().review_on == timezone.localdate() + timedelta(days=365)
    assert not Notice.objects.filter(done_at=None).exists()
    assert reviews_remind() == 0


def test_a_notice_is_ones_own(published: Version, marta: User, luis: User) -> None:
    notice = Notice.objects.create(user=marta, kind="revision", article=published.article, version=published)
    path = f"/conocimiento/avisos/{notice.pk}/hecho"
    assert browser(luis).post(path).status_code == 404
    assert browser(marta).post(path).status_code == 302
    assert browser(marta).post(path).status_code == 404
