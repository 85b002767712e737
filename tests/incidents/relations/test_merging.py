"""Merging duplicates: everything stays to be seen, numbers lead on, undoing within ten minutes is exact."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audit.models import AuditEntry
from incidents.models import Incident, Link, Merge
from incidents.moves.attachments import attachment_add
from incidents.moves.conversation import comment_add
from incidents.moves.lifecycle import incident_wait
from incidents.relations.linking import incidents_link
from incidents.relations.merging import MAX_MERGED, incidents_merge
from prsystem.accounts.models import Area, User
from prsystem.core.models import OutboxEvent
from prsystem.core.rights import Role
from tests.incidents.makers import claimed, make_incident
from tests.people import actor, api, browser, make_user

pytestmark = pytest.mark.django_db
RESTORED = ("state", "assignee_id", "waiting_since", "waiting_reason", "closed_at", "resolved_at", "paused_seconds")
RESTORED += ("merged_into_id", "response_due_at", "resolution_due_at", "priority", "level")


def values(incident: Incident) -> dict[str, Any]:
    return Incident.objects.filter(pk=incident.pk).values(*RESTORED).get()


def five(ana: User) -> tuple[Incident, list[Incident]]:
    return make_incident(ana, "La que queda"), [make_incident(ana, f"Repetida {n}") for n in range(5)]


def test_five_go_into_one_and_nothing_is_lost(ana: User, luis: User) -> None:
    survivor, others = five(ana)
    related = make_incident(ana, "Relacionada")
    comment_add(actor=actor(luis), incident_id=others[0].pk, body="Visto en turno A", author=luis)
    comment_add(actor=actor(luis), incident_id=others[1].pk, body="Interno", is_internal=True, author=luis)
    file = SimpleUploadedFile("nota.txt", b"lectura")
    attachment_add(actor=actor(ana), incident_id=others[2].pk, file=file, name="nota.txt", user=ana)
    incidents_link(actor=actor(luis), source=others[3], target=related, kind="relacionada")

    body = {"incidencias": [other.number for other in others]}
    answer = api(luis).post(f"/api/incidencias/{survivor.pk}/fusionar", body)
    assert (answer.status_code, answer.json()["numero"]) == (200, survivor.number)

    url = f"/api/incidencias/{survivor.pk}"
    comments = api(luis).get(f"{url}/comentarios").json()["resultados"]
    assert [(c["cuerpo"], c["incidencia"]) for c in comments] == [
        ("Visto en turno A", others[0].number),
        ("Interno", others[1].number),
    ]
    files = api(luis).get(f"{url}/adjuntos").json()["resultados"]
    assert [found["nombre"] for found in files] == ["nota.txt"]
    assert api(luis).get(files[0]["url"]).status_code == 200
    page = browser(luis).get(survivor.get_absolute_url()).content.decode()
    for text in ("Visto en turno A", "nota.txt", related.number, *(other.number for other in others)):
        assert text in page


def test_an_old_number_leads_to_the_survivor(ana: User, luis: User) -> None:
    survivor, others = five(ana)
    incidents_merge(actor=actor(luis), incident_ids=[others[0].pk], into_id=others[1].pk)
    incidents_merge(actor=actor(luis), incident_ids=[others[1].pk], into_id=survivor.pk)
    answer = browser(luis).get(others[0].get_absolute_url())
    assert (answer.status_code, answer.headers["Location"]) == (302, survivor.get_absolute_url())
    assert browser(luis).get(f"{others[0].get_absolute_url()}?ver=original").status_code == 200
    assert api(luis).get(f"/api/incidencias/{others[1].pk}").json()["fusionada_en"] == survivor.number


def test_one_who_may_not_see_the_survivor_stays_where_he_was(ana: User, luis: User, prod: Area) -> None:
    rosa = make_user("rosa", Role.REPORTER, areas=[prod])
    mine, survivor = make_incident(rosa), make_incident(ana)
    comment_add(actor=actor(luis), incident_id=mine.pk, body="Para Rosa", author=luis)
    incidents_merge(actor=actor(luis), incident_ids=[mine.pk], into_id=survivor.pk)
    assert browser(rosa).get(mine.get_absolute_url()).status_code == 200
    assert browser(rosa).get(survivor.get_absolute_url()).status_code == 404
    page = browser(rosa).get(mine.get_absolute_url()).content.decode()
    assert survivor.number in page
    assert survivor.get_absolute_url() not in page
    assert "Para Rosa" not in browser(ana).get(survivor.get_absolute_url()).content.decode()


def test_undoing_brings_everything_back(ana: User, luis: User) -> None:
    survivor, others = five(ana)
    claimed(others[0], luis)
    incident_wait(actor=actor(luis), incident_id=others[0].pk, reason="Refacción")
    incidents_link(actor=actor(luis), source=others[1], target=survivor, kind="duplicada")
    before = [values(incident) for incident in (survivor, *others)]
    links = list(Link.objects.values_list("source", "target", "kind"))
    incidents_merge(actor=actor(luis), incident_ids=[other.pk for other in others], into_id=survivor.pk)
    assert Incident.objects.filter(merged_into=survivor).count() == 5
    answer = api(luis).post(f"/api/incidencias/{survivor.pk}/deshacer-fusion")
    assert [row["numero"] for row in answer.json()["resultados"]] == [other.number for other in others]
    assert [values(incident) for incident in (survivor, *others)] == before
    assert list(Link.objects.values_list("source", "target", "kind")) == links
    assert api(luis).post(f"/api/incidencias/{survivor.pk}/deshacer-fusion").status_code == 409


def test_one_of_several_is_undone_by_its_own_number(ana: User, luis: User) -> None:
    survivor, others = five(ana)
    incidents_merge(actor=actor(luis), incident_ids=[other.pk for other in others], into_id=survivor.pk)
    api(luis).post(f"/api/incidencias/{others[2].pk}/deshacer-fusion")
    assert set(survivor.merged.values_list("pk", flat=True)) == {o.pk for o in others} - {others[2].pk}


def test_after_ten_minutes_it_stays(ana: User, luis: User) -> None:
    survivor, others = five(ana)
    incidents_merge(actor=actor(luis), incident_ids=[others[0].pk], into_id=survivor.pk)
    page = browser(luis)
    assert "deshacer-fusion" in page.get(survivor.get_absolute_url()).content.decode()
    Merge.objects.update(created_at=timezone.now() - timedelta(minutes=10))
    assert "deshacer-fusion" not in page.get(survivor.get_absolute_url()).content.decode()
    assert api(luis).post(f"/api/incidencias/{others[0].pk}/deshacer-fusion").status_code == 409


def test_the_page_merges_and_undoes(ana: User, luis: User) -> None:
    survivor, others = five(ana)
    page = browser(luis)
    address = others[0].get_absolute_url()
    page.post(f"{address}fusionar", {"incidencia": survivor.number})
    assert page.get(address).headers["Location"] == survivor.get_absolute_url()
    assert page.post(f"{survivor.get_absolute_url()}deshacer-fusion").status_code == 302
    assert page.get(address).status_code == 200


def test_trail_and_events(ana: User, luis: User) -> None:
    survivor, others = five(ana)
    incidents_merge(actor=actor(luis), incident_ids=[o.pk for o in others[:2]], into_id=survivor.pk)
    api(luis).post(f"/api/incidencias/{survivor.pk}/deshacer-fusion")
    trail = AuditEntry.objects.filter(accion__contains="merged").order_by("id")
    mine, gone = [o.resource for o in others[:2]], survivor.resource
    assert [(e.accion, e.recurso) for e in trail] == [
        *(("incident.merged", resource) for resource in mine),
        ("incident.merged_in", gone),
        *(("incident.unmerged", resource) for resource in mine),
        ("incident.unmerged_from", gone),
    ]
    events = OutboxEvent.objects.exclude(event="incidencia.creada").order_by("id").values_list("event", flat=True)
    assert list(events) == ["incidencia.cerrada"] * 2 + ["incidencia.reabierta"] * 2
    story = browser(luis).get(survivor.get_absolute_url()).content.decode()
    assert story.count(f"{others[0].number}, {others[1].number}") == 2


def test_areas_that_one_may_not_see_are_never_merged(ana: User, luis: User, ivan: User, mant: Area, eva: User) -> None:
    survivor, foreign = make_incident(ana), make_incident(eva, area="MANT")
    answer = api(luis).post(f"/api/incidencias/{survivor.pk}/fusionar", {"incidencias": [foreign.number]})
    assert answer.status_code == 404
    assert api(luis).post(f"/api/incidencias/{survivor.pk}/fusionar", {"en": foreign.number}).status_code == 404
    assert api(ana).post(f"/api/incidencias/{survivor.pk}/fusionar", {"en": str(survivor.pk)}).status_code == 400
    assert (
        api(eva).post(f"/api/incidencias/{survivor.pk}/fusionar", {"incidencias": [foreign.number]}).status_code == 200
    )
    assert api(luis).post(f"/api/incidencias/{survivor.pk}/deshacer-fusion").status_code == 403
    assert api(ivan).post(f"/api/incidencias/{survivor.pk}/deshacer-fusion").status_code == 404
    assert api(ana).post(f"/api/incidencias/{survivor.pk}/deshacer-fusion").status_code == 403
    assert api().post(f"/api/incidencias/{survivor.pk}/deshacer-fusion").status_code == 401


def test_all_or_none(ana: User, luis: User) -> None:
    survivor, others = five(ana)
    incidents_merge(actor=actor(luis), incident_ids=[others[4].pk], into_id=others[3].pk)
    body = {"incidencias": [other.number for other in others]}
    assert api(luis).post(f"/api/incidencias/{survivor.pk}/fusionar", body).status_code == 409
    assert not survivor.merged.exists()
    for bad in ({}, {"en": "1", "incidencias": ["2"]}, {"incidencias": []}, {"incidencias": ["1"] * (MAX_MERGED + 1)}):
        assert api(luis).post(f"/api/incidencias/{survivor.pk}/fusionar", bad).status_code == 400
    own = {"incidencias": [survivor.number]}
    assert api(luis).post(f"/api/incidencias/{survivor.pk}/fusionar", own).status_code == 400
    stale = {"incidencias": [others[0].number], "version": survivor.version + 7}
    assert api(luis).post(f"/api/incidencias/{survivor.pk}/fusionar", stale).status_code == 409


def test_a_merged_incident_takes_neither_comments_nor_files(ana: User, luis: User) -> None:
    survivor, others = five(ana)
    incidents_merge(actor=actor(luis), incident_ids=[others[0].pk], into_id=survivor.pk)
    url = f"/api/incidencias/{others[0].pk}"
    assert api(luis).post(f"{url}/comentarios", {"cuerpo": "x"}).status_code == 409
    file = {"archivo": SimpleUploadedFile("nota.txt", b"x")}
    assert api(luis).post(f"{url}/adjuntos", file, format="multipart").status_code == 409


def test_a_page_with_merged_incidents_asks_as_often_as_one_with_five_more(
    ana: User, luis: User, django_assert_num_queries: Any
) -> None:
    survivor, others = five(ana)
    page = browser(luis)
    incidents_merge(actor=actor(luis), incident_ids=[others[0].pk], into_id=survivor.pk)
    page.get(survivor.get_absolute_url())
    with CaptureQueriesContext(connection) as one:
        page.get(survivor.get_absolute_url())
    incidents_merge(actor=actor(luis), incident_ids=[o.pk for o in others[1:]], into_id=survivor.pk)
    with django_assert_num_queries(len(one)):
        page.get(survivor.get_absolute_url())
