"""Links, parents with their children, and splitting: by service, API and page."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from audit.models import AuditEntry
from incidents.models import Incident, Link
from incidents.moves.attachments import attachment_add
from incidents.moves.conversation import comment_add
from incidents.relations.linking import incidents_link
from incidents.relations.merging import incidents_merge
from incidents.relations.selectors import links_of
from knowledge.models import Version
from prsystem.accounts.models import Area, User
from prsystem.core.models import OutboxEvent
from tests.incidents.makers import claimed, make_incident
from tests.people import actor, api, browser

pytestmark = pytest.mark.django_db


def url(incident: Incident, tail: str = "") -> str:
    return f"/api/incidencias/{incident.pk}{tail}"


def link(user: User, one: Incident, other: Incident, kind: str) -> Any:
    return api(user).post(url(one, "/enlaces"), {"incidencia": other.number, "tipo": kind})


def family(ana: User, luis: User, count: int) -> tuple[Incident, list[Incident]]:
    parent = claimed(make_incident(ana, "Red caída"), luis)
    children = [make_incident(ana, f"Sin red {n}") for n in range(count)]
    for child in children:
        incidents_link(actor=actor(luis), source=parent, target=child, kind="padre")
    return parent, children


class TestLinks:
    def test_both_ends_see_it_with_its_own_word(self, ana: User, luis: User) -> None:
        one, other = make_incident(ana, "Una"), make_incident(ana, "Otra")
        made = link(luis, one, other, "hija")
        assert (made.status_code, made.json()["tipo"]) == (201, "hija")
        seen = [api(luis).get(url(i, "/enlaces")).json()["resultados"][0] for i in (one, other)]
        assert [(row["tipo"], row["incidencia"]["numero"]) for row in seen] == [
            ("hija", other.number),
            ("padre", one.number),
        ]
        for incident in (one, other):
            assert AuditEntry.objects.filter(accion="incident.linked", recurso=incident.resource).count() == 1
        for incident, told in ((one, "hija de"), (other, "padre de")):
            story = browser(luis).get(incident.get_absolute_url()).content.decode()
            assert told in story[story.index('id="historial"') :]

    def test_saying_it_twice_or_the_other_way_round_changes_nothing(self, ana: User, luis: User) -> None:
        one, other = make_incident(ana), make_incident(ana)
        assert {link(luis, *pair, "relacionada").status_code for pair in ((one, other), (other, one))} == {201}
        assert Link.objects.count() == 1

    def test_one_parent_and_one_level(self, ana: User, luis: User) -> None:
        a, b, c = (make_incident(ana) for _ in range(3))
        link(luis, a, b, "padre")
        assert [
            link(luis, c, b, "padre").status_code,
            link(luis, b, c, "padre").status_code,
            link(luis, c, a, "padre").status_code,
            link(luis, a, a, "padre").status_code,
            link(luis, a, c, "prima").status_code,
        ] == [409, 409, 409, 400, 400]

    def test_rights(self, ana: User, luis: User, ivan: User, eva: User, mant: Area) -> None:
        one, other, foreign = make_incident(ana), make_incident(ana), make_incident(eva, area="MANT")
        assert link(ana, one, other, "relacionada").status_code == 403
        assert link(ivan, one, other, "relacionada").status_code == 404
        assert link(luis, one, foreign, "relacionada").status_code == 404
        assert api().get(url(one, "/enlaces")).status_code == 401
        made = link(eva, one, foreign, "relacionada").json()
        assert api(luis).get(url(one, "/enlaces")).json()["resultados"] == []
        assert api(ana).delete(url(one, f"/enlaces/{made['id']}")).status_code == 403
        assert api(luis).delete(url(other, f"/enlaces/{made['id']}")).status_code == 404
        assert api(luis).delete(url(one, f"/enlaces/{made['id']}")).status_code == 204
        assert not Link.objects.exists()

    def test_on_the_page(self, ana: User, luis: User) -> None:
        one, other = make_incident(ana, "Una"), make_incident(ana, "Otra cosa")
        page, address = browser(luis), one.get_absolute_url()
        page.post(f"{address}enlazar", {"incidencia": other.number, "tipo": "padre"})
        assert "Otra cosa" in page.get(address).content.decode()
        assert page.post(f"{address}enlazar", {"incidencia": "INC-999999", "tipo": "padre"}).status_code == 422
        page.post(f"{address}desenlazar", {"enlace": Link.objects.get().pk})
        assert "Otra cosa" not in page.get(address).content.decode()


class TestCascade:
    def test_resolving_a_parent_asks_and_then_resolves_ten_children(self, ana: User, luis: User) -> None:
        parent, children = family(ana, luis, 10)
        claimed(children[0], luis)
        asked = api(luis).post(url(parent, "/resolver"), {"solucion": "Reiniciar el conmutador"})
        assert (asked.status_code, asked.json()["codigo"]) == (409, "hijas_abiertas")
        assert children[0].number in asked.json()["detail"]
        body = {"solucion": "Reiniciar el conmutador", "hijas": "resolver"}
        assert api(luis).post(url(parent, "/resolver"), body).status_code == 200
        rows = Incident.objects.filter(pk__in=[child.pk for child in children])
        assert set(rows.values_list("state", "solution")) == {("resuelto", "Reiniciar el conmutador")}
        assert Version.objects.count() == 1
        assert AuditEntry.objects.filter(accion="incident.resolved").count() == 11
        assert OutboxEvent.objects.filter(event="incidencia.resuelta").count() == 11
        story = browser(luis).get(children[3].get_absolute_url()).content.decode()
        assert parent.number in story

    def test_children_may_stay_open(self, ana: User, luis: User) -> None:
        parent, children = family(ana, luis, 2)
        api(luis).post(url(parent, "/resolver"), {"solucion": "x", "hijas": "dejar"})
        assert Incident.objects.filter(pk__in=[c.pk for c in children], state="nuevo").count() == 2
        assert api(luis).post(url(parent, "/resolver"), {"solucion": "x", "hijas": "quemar"}).status_code == 409

    def test_an_unknown_answer_is_named(self, ana: User, luis: User) -> None:
        parent, _children = family(ana, luis, 1)
        answer = api(luis).post(url(parent, "/resolver"), {"solucion": "x", "hijas": "quemar"})
        assert (answer.status_code, list(answer.json()["errores"])) == (400, ["hijas"])

    def test_closing_with_open_children_warns(self, ana: User, luis: User) -> None:
        parent, children = family(ana, luis, 1)
        api(luis).post(url(parent, "/resolver"), {"solucion": "x", "hijas": "dejar"})
        warned = api(luis).post(url(parent, "/cerrar"))
        assert (warned.status_code, warned.json()["codigo"]) == (409, "hijas_abiertas")
        bulk = {"ids": [parent.number], "accion": "cerrar"}
        assert api(luis).post("/api/incidencias/acciones", bulk).json()["resultados"][0]["codigo"] == "hijas_abiertas"
        assert api(luis).post(url(parent, "/cerrar"), {"hijas": "dejar"}).json()["estado"] == "cerrado"
        assert Incident.objects.get(pk=children[0].pk).is_open

    def test_children_of_a_merged_parent_go_on_with_the_survivor(self, ana: User, luis: User) -> None:
        parent, children = family(ana, luis, 2)
        survivor = claimed(make_incident(ana), luis)
        incidents_merge(actor=actor(luis), incident_ids=[parent.pk], into_id=survivor.pk)
        api(luis).post(url(survivor, "/resolver"), {"solucion": "x", "hijas": "resolver"})
        assert Incident.objects.filter(pk__in=[c.pk for c in children], state="resuelto").count() == 2

    def test_children_out_of_reach_are_left_alone(self, ana: User, luis: User, eva: User, mant: Area) -> None:
        parent, children = family(ana, luis, 1)
        Incident.objects.filter(pk=children[0].pk).update(area=mant)
        assert api(luis).post(url(parent, "/resolver"), {"solucion": "x"}).status_code == 200
        assert Incident.objects.get(pk=children[0].pk).is_open

    def test_on_the_page(self, ana: User, luis: User) -> None:
        parent, children = family(ana, luis, 2)
        page, address = browser(luis), parent.get_absolute_url()
        asked = page.get(f"{address}?abrir=resolver").content.decode()
        assert children[1].number in asked[asked.index('id="hijas"') :]
        values = {"solucion": "Cambiar la fuente", "articulo": "", "version": parent.version}
        unsaid = page.post(f"{address}resolver", values)
        assert unsaid.status_code == 422
        assert "hijas" in unsaid.context["forms"]["resolver"].errors
        page.post(f"{address}resolver", values | {"hijas": "dejar"})
        warned = page.post(f"{address}cerrar", {})
        assert warned.status_code == 409
        assert children[0].number in warned.content.decode()
        assert page.post(f"{address}cerrar", {"hijas": "on"}).status_code == 302

    def test_an_incident_without_children_is_resolved_as_before(self, ana: User, luis: User) -> None:
        incident = claimed(make_incident(ana), luis)
        assert b'id="hijas"' not in browser(luis).get(f"{incident.get_absolute_url()}?abrir=resolver").content
        assert api(luis).post(url(incident, "/resolver"), {"solucion": "x"}).status_code == 200


class TestSplit:
    def told(self, ana: User, luis: User) -> tuple[Incident, Any, Any, Any]:
        incident = make_incident(ana, priority="P2")
        stays = comment_add(actor=actor(luis), incident_id=incident.pk, body="De la prensa", author=luis)
        goes = comment_add(actor=actor(luis), incident_id=incident.pk, body="Y la banda también", author=luis)
        raw = SimpleUploadedFile("banda.txt", b"x")
        file = attachment_add(actor=actor(luis), incident_id=incident.pk, file=raw, name="banda.txt", user=luis)
        return incident, stays, goes, file

    def test_a_part_becomes_an_incident_of_its_own(self, ana: User, luis: User) -> None:
        incident, stays, goes, file = self.told(ana, luis)
        body = {"titulo": "La banda", "descripcion": "También falla.", "comentarios": [str(goes.pk)]}
        made = api(luis).post(url(incident, "/dividir"), {**body, "adjuntos": [str(file.pk)]})
        assert made.status_code == 201
        new = Incident.objects.get(pk=made.json()["id"])
        assert (new.reporter, new.area_id, new.priority, new.state) == (ana, incident.area_id, "P2", "nuevo")
        assert list(incident.comments.all()) == [stays]
        assert list(new.comments.all()) == [goes]
        assert list(new.attachments.all()) == [file]
        assert [row.incident.pk for row in _links(luis, new)] == [incident.pk]
        for resource, action in ((incident.resource, "incident.split"), (new.resource, "incident.split_from")):
            assert AuditEntry.objects.filter(recurso=resource, accion=action).count() == 1

    def test_what_is_not_of_it_stays(self, ana: User, luis: User, ivan: User) -> None:
        incident, _stays, goes, _file = self.told(ana, luis)
        other = make_incident(ana)
        body = {"titulo": "x", "descripcion": "y", "comentarios": [str(goes.pk)]}
        assert api(luis).post(url(other, "/dividir"), body).status_code == 400
        assert api(luis).post(url(incident, "/dividir"), {**body, "comentarios": ["z"]}).status_code == 400
        assert api(luis).post(url(incident, "/dividir"), {**body, "titulo": " "}).status_code == 400
        assert api(ana).post(url(incident, "/dividir"), body).status_code == 403
        assert api(ivan).post(url(incident, "/dividir"), body).status_code == 404
        assert api(luis).post(url(incident, "/dividir"), {**body, "version": 99}).status_code == 409
        assert Incident.objects.count() == 2

    def test_on_the_page(self, ana: User, luis: User) -> None:
        incident, _stays, goes, _file = self.told(ana, luis)
        address = f"{incident.get_absolute_url()}dividir"
        assert "Y la banda también" in browser(luis).get(address).content.decode()
        values = {"titulo": "La banda", "descripcion": "Falla.", "comentarios": [goes.pk], "version": ""}
        assert browser(luis).post(address, {**values, "titulo": ""}).status_code == 422
        assert browser(luis).post(address, values).status_code == 302
        assert Incident.objects.get(title="La banda").comments.get() == goes
        assert browser(ana).get(address).status_code == 403


def _links(user: User, incident: Incident) -> Any:
    return links_of(user.rights, incident)
