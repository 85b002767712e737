"""What people are told is true: by name, once, with the right numbers."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.test import Client
from django.utils import timezone

from audit.models import AuditEntry
from incidents.case.look.timeline import SENTENCES, timeline
from incidents.escalation.sweep import sla_mark_past, sla_sweep
from incidents.gaps.drafting import gap_draft
from incidents.gaps.services import gaps_find
from incidents.models import Comment, EscalationRule, GapCase, Incident, KnowledgeGap, Link, SlaMark, Suggestion
from incidents.moves.editing import incident_update
from incidents.moves.lifecycle import incident_claim
from incidents.moves.resolving import RESOLVE_CHILDREN, Resolution, incident_resolve
from incidents.notices.models import Notification
from incidents.notices.services import incident_notify
from incidents.notices.texts import sentence
from incidents.sla.explaining import sla_explain
from incidents.suggestions.selectors import Line, suggestion_line
from knowledge.assistant.extractive import steps_added
from prsystem.accounts.models import Area, User
from prsystem.core.errors import DomainError
from prsystem.core.models import Job
from tests.incidents.gaps.test_gaps import SAID, solved
from tests.incidents.makers import claimed, make_incident
from tests.people import actor, browser


class TestTheLoserOfARace:
    """Two connections: one holds the row, the other waits for it."""

    pytestmark = pytest.mark.django_db(transaction=True)

    def after(self, first: Callable[[], object], second: Callable[[], object]) -> str:
        """What `second` is told that began while `first` wasn't committed."""
        waits = Event()

        def other() -> str:
            try:
                with connection.cursor() as cursor:
                    cursor.execute("SET lock_timeout = '20s'")
                waits.set()
                second()
                return ""
            except DomainError as error:
                return f"{type(error).__name__}: {error}"
            finally:
                connections.close_all()

        with ThreadPoolExecutor(1) as pool:
            with transaction.atomic():
                first()
                told = pool.submit(other)
                assert waits.wait(20)
                self.wait_for_a_waiting_lock()
            return told.result(timeout=30)

    def wait_for_a_waiting_lock(self) -> None:
        query = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        for _ in range(2000):
            with connection.cursor() as cursor:
                cursor.execute(query)
                if cursor.fetchone()[0]:
                    return
        pytest.fail("nobody waited for the row")

    def test_reads_who_has_it(self, ana: User, luis: User, marta: User) -> None:
        pk = make_incident(ana).pk
        told = self.after(
            lambda: incident_claim(actor=actor(marta), user=marta, incident_id=pk),
            lambda: incident_claim(actor=actor(luis), user=luis, incident_id=pk),
        )
        assert told == "Conflict: Marta Gil ya la tiene."

    def test_finds_it_when_its_area_was_changed_meanwhile(self, ana: User, luis: User, marta: User, mant: Area) -> None:
        pk = make_incident(ana).pk
        told = self.after(
            lambda: incident_update(actor=actor(marta), incident_id=pk, fields={"area": "MANT"}),
            lambda: incident_claim(actor=actor(luis), user=luis, incident_id=pk),
        )
        assert told.startswith("NotAllowed")


@pytest.mark.django_db
class TestAFormSentTwice:
    def token(self, page: Client, incident: Incident, action: str) -> str:
        html = page.get(incident.get_absolute_url()).content.decode()
        form = html.split(f'/{incident.number}/{action}"', 1)[1].split("</form>", 1)[0]
        return form.split('name="token" value="', 1)[1].split('"', 1)[0]

    def test_posts_its_comment_once(self, ana: User, luis: User) -> None:
        incident, page = claimed(make_incident(ana), luis), browser(luis)
        sent = {"cuerpo": "Revisado.", "token": self.token(page, incident, "comentar")}
        for _ in range(3):
            response = page.post(f"/incidencias/{incident.number}/comentar", sent, follow=True)
            assert f'data-accepted="{sent["token"]}"' in response.content.decode()
        assert Comment.objects.count() == 1
        page.post(f"/incidencias/{incident.number}/comentar", {**sent, "cuerpo": "Y otra cosa."})
        fresh = {"cuerpo": "Revisado.", "token": self.token(page, incident, "comentar")}
        page.post(f"/incidencias/{incident.number}/comentar", fresh)
        assert [comment.body for comment in Comment.objects.order_by("pk")] == [
            "Revisado.",
            "Y otra cosa.",
            "Revisado.",
        ]

    @pytest.mark.parametrize(
        ("action", "values"),
        [
            ("esperar", {"motivo": "Refacción"}),
            ("escalar", {"motivo": "No cede", "nivel": "L2"}),
            ("resolver", {"solucion": "Se cambió la junta.", "articulo": ""}),
        ],
    )
    def test_moves_once_and_is_told_the_same(self, ana: User, luis: User, action: str, values: dict[str, str]) -> None:
        incident, page = claimed(make_incident(ana), luis), browser(luis)
        sent = {**values, "version": incident.version, "token": self.token(page, incident, action)}
        statuses = [page.post(f"/incidencias/{incident.number}/{action}", sent).status_code for _ in range(2)]
        assert statuses == [302, 302]
        incident.refresh_from_db()
        assert incident.version == 3

    def test_a_refused_one_may_be_corrected_and_sent_again(self, ana: User, luis: User) -> None:
        incident, page = claimed(make_incident(ana), luis), browser(luis)
        token = self.token(page, incident, "esperar")
        stale = {"motivo": "Refacción", "version": 1, "token": token}
        refused = page.post(f"/incidencias/{incident.number}/esperar", stale)
        assert refused.status_code == 409 and "data-accepted" not in refused.content.decode()
        again = {**stale, "version": incident.version}
        assert page.post(f"/incidencias/{incident.number}/esperar", again).status_code == 302

    def test_every_form_that_adds_something_is_marked(self, ana: User, luis: User) -> None:
        incident, page = claimed(make_incident(ana), luis), browser(luis)
        html = page.get(incident.get_absolute_url()).content.decode()
        forms = [form.split("</form>")[0] for form in html.split("<form")[1:]]
        adding = [f for f in forms if any(f"/{name}" in f for name in ("comentar", "adjuntar", "escalar", "esperar"))]
        assert len(adding) >= 4 and all('name="token"' in form for form in adding)
        for path in (f"/incidencias/{incident.number}/dividir", "/tablero/turno/", "/incidencias/nueva"):
            assert 'name="token"' in page.get(path).content.decode(), path


@pytest.mark.django_db
class TestABreach:
    def told(self) -> list[tuple[str, str]]:
        """Every job of telling, in any order, and who has which notice then."""
        jobs = list(Job.objects.filter(kind="incident.notify").order_by("-pk"))
        for job in [*jobs, *reversed(jobs)]:
            incident_notify(**job.payload)
        return sorted(Notification.objects.values_list("user__username", "kind"))

    def test_is_told_once_to_whoever_it_concerns_in_several_ways(self, ana: User, luis: User, marta: User) -> None:
        EscalationRule.objects.all().delete()
        incident = claimed(make_incident(ana), luis)
        Job.objects.all().delete()
        for name in ("Uno", "Dos"):
            EscalationRule.objects.create(
                name=name, timer="resolucion", notify_assignee=True, notify_user=luis, notify_level="L1"
            )
        Incident.objects.update(resolution_due_at=timezone.now(), resolution_warn_at=timezone.now())
        assert sla_sweep().escalated == 2
        assert self.told() == [("luis", "sla_vencido")]
        assert Job.objects.filter(kind="notice.mail").count() == 1
        assert sla_sweep().escalated == 0
        assert incident.state == "en_progreso"

    def test_that_moves_the_case_is_one_notice_for_who_gets_it(self, ana: User, luis: User, marta: User) -> None:
        EscalationRule.objects.all().delete()
        make_incident(ana)
        Job.objects.all().delete()
        EscalationRule.objects.create(name="Sube", to_level="L2", assign_to=marta, notify_user=marta, notify_level="L1")
        past = timezone.now()
        Incident.objects.update(response_due_at=past, response_warn_at=past, resolution_due_at=past)
        sla_sweep()
        assert self.told() == [("luis", "sla_vencido"), ("marta", "asignada"), ("marta", "sla_vencido")]
        assert sorted(Notification.objects.filter(user=marta).values_list("level", flat=True)) == ["L2", "L2"]

    def test_two_things_are_two_notices(self, ana: User, luis: User) -> None:
        EscalationRule.objects.all().delete()
        claimed(make_incident(ana), luis)
        Job.objects.all().delete()
        Incident.objects.update(resolution_warn_at=timezone.now())
        sla_sweep()
        Incident.objects.update(resolution_due_at=timezone.now())
        sla_sweep()
        assert self.told() == [("luis", "sla_en_riesgo"), ("luis", "sla_vencido")]


@pytest.mark.django_db
class TestTheLine:
    def test_never_has_a_place_behind_its_end(self, ana: User) -> None:
        suggestion = make_incident(ana).suggestions.get()
        assert suggestion_line(suggestion) == Line(1, 1)
        Suggestion.objects.update(state="en_curso")  # taken up since it was read
        assert suggestion_line(suggestion) is None
        make_incident(ana)
        assert suggestion_line(suggestion) is None

    def test_the_card_says_no_place_of_nothing(self, ana: User) -> None:
        incident = make_incident(ana)
        page = browser(ana)
        assert "Lugar 1 de 1" in page.get(incident.get_absolute_url()).content.decode()
        Suggestion.objects.update(state="en_curso")
        assert "Lugar" not in page.get(incident.get_absolute_url()).content.decode()


@pytest.mark.django_db
class TestWhatTheClockDid:
    def test_tells_nothing_of_rules_that_were_never_applied(self, ana: User, luis: User) -> None:
        """A case that was loaded as it happened elsewhere is marked so that no rule comes upon it now."""
        incident = make_incident(ana)
        EscalationRule.objects.create(name="Sube", timer="respuesta", to_level="L2")
        sla_mark_past([incident], timezone.now())
        assert SlaMark.objects.filter(what="regla").exists()
        assert [story.marks for story in sla_explain(incident)] == [[], []]
        assert "Regla aplicada" not in browser(luis).get(f"/incidencias/{incident.number}/plazos").content.decode()
        assert sla_sweep().escalated == 0

    def test_tells_what_a_sweep_did_also_under_another_name(self, ana: User, luis: User) -> None:
        EscalationRule.objects.all().delete()
        rule = EscalationRule.objects.create(name="Avisa", timer="resolucion", notify_level="L1")
        incident = make_incident(ana)
        Incident.objects.update(resolution_due_at=timezone.now())
        sla_sweep()
        rule.name = "Avisa a L1"
        rule.save()
        incident.refresh_from_db()
        assert [mark.what for mark in sla_explain(incident)[1].marks] == ["vencido", "regla"]
        page = browser(luis).get(incident.get_absolute_url()).content.decode()
        assert "aplicó la regla «Avisa» al llegar al 100 % de un plazo: resolución" in page


@pytest.mark.django_db
class TestGaps:
    def test_a_draft_says_each_step_once(self, ana: User, marta: User) -> None:
        steps = "1. Abrir la tapa.\n2. Poner la cinta con la tinta hacia afuera.\n3. Cerrar."
        texts = (
            steps,
            "Poner la cinta con la tinta hacia afuera. Cerrar la tapa.",
            f"{steps}\n4. Imprimir la prueba 4.",
        )
        cases = [solved(ana, *said, text) for said, text in zip(SAID, texts, strict=True)]
        gap = KnowledgeGap.objects.create(area=cases[0].area, title=cases[0].title, cases=3, state="escribiendo")
        GapCase.objects.bulk_create(GapCase(gap=gap, incident=case) for case in cases)
        gap_draft(gap_id=gap.pk, user_id=marta.pk)
        gap.refresh_from_db()
        assert gap.draft is not None
        assert gap.draft.solution.count("Poner la cinta") == 1
        assert gap.draft.solution.lower().count("cerrar") == 1
        assert "Imprimir la prueba 4." in gap.draft.solution

    def test_only_what_is_new_is_added(self) -> None:
        assert steps_added(["A\nE-4012.", "E-4012.", "Purgar.\nPurgar."]) == ["A\nE-4012.", "", "Purgar.\nPurgar."]

    def test_a_family_that_was_resolved_at_once_is_one_case(self, ana: User, luis: User) -> None:
        said = ("Corte de red en planta {}", "No hay red en la planta {}, se cortó todo.")
        parent, *children = [make_incident(ana, said[0].format(n), description=said[1].format(n)) for n in range(11)]
        Link.objects.bulk_create(Link(source=parent, target=child, kind="padre") for child in children)
        claimed(parent, luis)
        how = Resolution("Reiniciar el conmutador.", children=RESOLVE_CHILDREN)
        incident_resolve(actor=actor(luis), incident_id=parent.pk, resolution=how)
        assert Incident.objects.filter(state="resuelto").count() == 11
        assert gaps_find() == 0
        Incident.objects.filter(pk__in=[child.pk for child in children[:3]]).update(resolved_at=timezone.now())
        assert gaps_find() == 1  # those were solved one by one

    def test_duplicates_of_one_that_is_over_count_once(self, ana: User) -> None:
        cases = [solved(ana, *said, "Cinta.") for said in SAID]
        Link.objects.bulk_create(Link(source=case, target=cases[0], kind="duplicada") for case in cases[1:])
        assert gaps_find() == 0


STRANGE: dict[str, Any] = {
    "asignado_a": {"antes": None, "despues": None},
    "nivel": {"antes": None, "despues": "L2"},
    "prioridad": {"antes": None, "despues": None},
    "regla": "",
    "plazo": "",
}


@pytest.mark.django_db
@pytest.mark.parametrize("details", [{}, STRANGE, {"de": [], "pasos": [], "peldaño": ""}])
@pytest.mark.parametrize("action", sorted(SENTENCES))
def test_no_sentence_of_the_history_says_none(action: str, details: dict[str, Any]) -> None:
    entry = AuditEntry(accion=action, detalles=details, actor_kind="system", timestamp=timezone.now(), resultado="ok")
    (item,) = timeline([entry], [], {}, for_support=True) or [None]
    assert item is not None and "None" not in str(item.text) and str(item.text).strip()


@pytest.mark.django_db
def test_no_notice_says_none(ana: User) -> None:
    incident = make_incident(ana)
    for kind in ("asignada", "comentario", "mencion", "escalada", "sla_en_riesgo", "sla_vencido", "resuelta"):
        notice = Notification(user=ana, incident=incident, kind=kind, cause=1, actor_label="", level="")
        assert "None" not in sentence(notice) and "  " not in sentence(notice).strip()
