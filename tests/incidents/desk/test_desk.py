"""Saved views, workload, open pages and lists that answer 304 while nothing has changed."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from audit.models import AuditEntry
from incidents.desk.services import view_save
from incidents.models import Incident, Presence, SavedView
from incidents.moves.lifecycle import incident_wait
from prsystem.accounts.models import Area, RoleGrant, User
from prsystem.core.errors import Conflict
from tests.incidents.makers import claimed, make_incident
from tests.people import actor, api, browser, make_user

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}


def test_a_view_keeps_filters_and_counts_what_it_shows(ana: User, luis: User) -> None:
    make_incident(ana, "Urgente", priority="P1")
    make_incident(ana, "Corriente", priority="P3")
    page = browser(luis)
    sent = {"nombre": "Lo urgente", "prioridad": "P1", "estado": "abierto", "orden": "prioridad", "malo": "x"}
    answer = page.post("/vistas/guardar", sent)
    view = SavedView.objects.get()
    assert answer.headers["Location"] == f"/vistas/{view.slug}/" and view.slug.startswith("lo-urgente-")
    assert view.filters == {"prioridad": "P1", "estado": "abierto"} and not view.is_shared
    text = page.get(f"/vistas/{view.slug}/").content.decode()
    assert "Urgente" in text and "Corriente" not in text
    listed = page.get("/vistas/").content.decode()
    assert "Lo urgente" in listed and re.search(r"data-view-count\s*>1<", listed)
    assert AuditEntry.objects.filter(accion="saved_view.created").count() == 1


def test_private_views_are_seen_by_their_owner_only(luis: User, marta: User, eva: User) -> None:
    view = view_save(actor=actor(luis), name="Mía", filters={})
    for other in (marta, eva):
        assert browser(other).get(f"/vistas/{view.slug}/").status_code == 404
        assert api(other).get(f"/api/vistas/{view.slug}").status_code == 404
        assert api(other).delete(f"/api/vistas/{view.slug}").status_code == 404
    assert browser(luis).get(f"/vistas/{view.slug}/").status_code == 200


@pytest.mark.parametrize(
    ("share", "who"),
    [
        ({"papel": "l2"}, {"marta"}),
        ({"area": "PROD"}, {"ana", "marta", "eva"}),
        ({"papel": "l2", "area": "PROD"}, {"marta"}),
        ({"papel": "l3"}, {"ivan"}),
        ({"papel": "l3", "area": "PROD"}, set()),
    ],
)
def test_shared_views_are_seen_by_those_they_are_shared_with(
    ana: User, luis: User, marta: User, ivan: User, eva: User, extraño: User, share: dict[str, str], who: set[str]
) -> None:
    answer = api(luis).post("/api/vistas", {"nombre": "Nuestra", "filtros": {"estado": "abierto"}, **share})
    assert answer.status_code == 201 and answer.json()["compartida"]
    path = f"/api/vistas/{answer.json()['slug']}"
    seen = {user.username for user in (ana, marta, ivan, eva, extraño) if api(user).get(path).status_code == 200}
    assert seen == who


def test_a_shared_view_shows_to_each_what_is_theirs(ana: User, luis: User, marta: User) -> None:
    claimed(make_incident(ana, "De Luis"), luis)
    claimed(make_incident(ana, "De Marta"), marta)
    view = view_save(actor=actor(luis), name="Lo mío", filters={"asignado_a": "yo"}, area="PROD")
    text = browser(marta).get(f"/vistas/{view.slug}/").content.decode()
    assert "De Marta" in text and "De Luis" not in text
    assert api(ana).get(f"/api/vistas/{view.slug}").json()["cuenta"] == 0


def test_views_are_refused_with_reason(ana: User, luis: User, mant: Area) -> None:
    assert api(ana).post("/api/vistas", {"nombre": "X", "area": "PROD"}).status_code == 403
    assert api(luis).post("/api/vistas", {"nombre": "X", "area": "MANT"}).status_code == 400
    assert api(luis).post("/api/vistas", {"nombre": "X", "papel": "jefe"}).status_code == 400
    assert api(luis).post("/api/vistas", {"nombre": " "}).status_code == 400
    assert api().post("/api/vistas", {"nombre": "X"}).status_code == 401
    view_save(actor=actor(luis), name="X", filters={})
    with pytest.raises(Conflict):
        view_save(actor=actor(luis), name="X", filters={})
    assert SavedView.objects.count() == 1


def test_a_view_is_removed_by_its_owner_or_an_administrator(luis: User, marta: User, eva: User) -> None:
    views = [view_save(actor=actor(luis), name=f"V{n}", filters={}, area="PROD") for n in range(2)]
    assert browser(marta).post(f"/vistas/{views[0].slug}/borrar").status_code == 403
    assert browser(eva).post(f"/vistas/{views[0].slug}/borrar").status_code == 302
    assert api(luis).delete(f"/api/vistas/{views[1].slug}").status_code == 204
    assert not SavedView.objects.exists()


def test_the_workload_counts_what_is_open_where_one_works(ana: User, luis: User, marta: User, ivan: User) -> None:
    first = claimed(make_incident(ana, priority="P1"), luis)
    second = claimed(make_incident(ana), luis)
    incident_wait(actor=actor(luis), incident_id=second.pk, reason="Pieza")
    Incident.objects.filter(pk=first.pk).update(resolution_due_at=timezone.now() - timedelta(hours=1))
    rows = api(marta).get("/api/carga").json()["resultados"]
    assert [row["usuario"] for row in rows] == ["luis", "marta"]
    assert rows[0] == {
        "usuario": "luis", "nombre": "Luis Peña", "abiertas": 2, "en_espera": 1, "vencidas": 1,
        "por_prioridad": {"P1": 1, "P2": 0, "P3": 1, "P4": 0},
    }  # fmt: skip
    assert rows[1]["abiertas"] == 0
    assert "Luis Peña" not in browser(ivan).get("/carga/").content.decode()
    assert "Luis Peña" in browser(marta).get("/carga/").content.decode()
    assert browser(ana).get("/carga/").status_code == 404 and api(ana).get("/api/carga").status_code == 403


def test_who_else_has_it_open_is_told_to_support(ana: User, luis: User, marta: User, ivan: User) -> None:
    incident = make_incident(ana)
    path = f"{incident.get_absolute_url()}presencia"
    assert "notice" not in browser(luis).post(path).content.decode()
    seen = " ".join(browser(marta).post(path).content.decode().split())
    assert "<strong>Luis Peña</strong> lo tiene abierto" in seen
    same = browser(marta).post(path, {"presentes": str(luis.pk)})
    assert same.status_code == 204
    Presence.objects.filter(user=luis).update(seen_at=timezone.now() - timedelta(seconds=30))
    assert "notice" not in browser(marta).post(path).content.decode()
    assert browser(ana).post(path).status_code == 403 and browser(ivan).post(path).status_code == 404
    rows = api(luis).post(f"/api/incidencias/{incident.pk}/presencia").json()["resultados"]
    assert [row["usuario"] for row in rows] == ["marta"]
    assert "presencia" not in browser(ana).get(incident.get_absolute_url()).content.decode()


def test_old_open_pages_are_forgotten(ana: User, luis: User) -> None:
    first, second = make_incident(ana), make_incident(ana)
    browser(luis).post(f"{first.get_absolute_url()}presencia")
    Presence.objects.update(seen_at=timezone.now() - timedelta(hours=2))
    browser(luis).post(f"{second.get_absolute_url()}presencia")
    assert [row.incident_id for row in Presence.objects.all()] == [second.pk]


def test_a_list_answers_304_until_something_changes(
    ana: User, luis: User, django_assert_max_num_queries: object
) -> None:
    make_incident(ana, "Vieja")
    page = browser(luis)
    first = page.get("/colas/L1/", **HTMX)
    mark = first.headers["ETag"]
    page.get("/colas/L1/", **HTMX, HTTP_IF_NONE_MATCH=mark)
    with django_assert_max_num_queries(4):
        same = page.get("/colas/L1/", **HTMX, HTTP_IF_NONE_MATCH=mark)
    assert same.status_code == 304 or same.headers["ETag"] != mark  # a minute may have passed
    make_incident(ana, "Nueva")
    answer = page.get("/colas/L1/", **HTMX, HTTP_IF_NONE_MATCH=mark)
    assert answer.status_code == 200 and "Nueva" in answer.content.decode()
    assert answer.headers["ETag"] != mark
    assert "data-live=" in page.get("/colas/L1/").content.decode()


def test_what_is_committed_late_changes_the_mark_too(luis: User) -> None:
    from audit.tokens import change_token

    for number in (5_000_000, 5_000_002):
        AuditEntry.objects.create(pk=number, actor_kind="system", actor="x", accion="a.b", recurso="c:1")
    before = change_token("default").rsplit("-", 1)[0]
    AuditEntry.objects.create(pk=5_000_001, actor_kind="system", actor="x", accion="a.b", recurso="c:1")
    assert change_token("default").rsplit("-", 1)[0] != before


def test_a_change_of_rights_changes_the_list(ana: User, luis: User, mant: Area) -> None:
    nobody = make_user("nora")
    make_incident(ana, "Vieja")
    page = browser(nobody)
    mark = page.get("/incidencias/", **HTMX).headers["ETag"]
    RoleGrant.objects.create(user=nobody, role="l1")
    AuditEntry.objects.create(actor_kind="user", actor="eva", accion="role.granted", recurso="usuario:1")
    assert "Vieja" in page.get("/incidencias/", **HTMX, HTTP_IF_NONE_MATCH=mark).content.decode()


@pytest.mark.parametrize(
    ("body", "field"), [({"filtros": {"estdo": "abierto"}}, "filtros"), ({"orden": "al revés"}, "orden")]
)
def test_a_view_with_a_word_that_means_nothing_is_refused(luis: User, body: dict[str, object], field: str) -> None:
    answer = api(luis).post("/api/vistas", {"nombre": "Mía", **body})
    assert answer.status_code == 400 and set(answer.json()["errores"]) == {field}
    assert not SavedView.objects.exists()
