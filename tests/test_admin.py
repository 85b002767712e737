"""The administration console: who gets in, that every page of every model answers, what may be changed, what stays."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.hashers import identify_hasher
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.models import AuditEntry, PersonKey, Retirement, SealBatch, SealedEntry
from incidents.answers.models import ProposalOutcome, SourceOutcome
from incidents.exams.models import ChatModelCandidate, ExamRun
from incidents.models import (
    AreaCalendar,
    Attachment,
    BoardMail,
    BusinessCalendar,
    CalendarDay,
    CalendarSpan,
    ChecklistItem,
    ChecklistTemplate,
    Citation,
    Comment,
    EscalationRule,
    GapCase,
    Incident,
    IncidentPause,
    IncidentVector,
    KnowledgeGap,
    Link,
    Macro,
    MaintenanceWindow,
    Merge,
    NoticePreferences,
    Notification,
    Presence,
    SavedView,
    ShiftNote,
    SlaMark,
    SlaPolicy,
    State,
    Storm,
    StormReference,
    Suggestion,
    SuggestionRating,
    TriageCorrection,
    TriageModel,
    TriageRule,
)
from incidents.suggestions.models import HiddenSource
from integrations.api_keys.models import ApiKey
from integrations.backups.models import BackupRun, RestorePoint
from integrations.mail.models import InboundMail, OutgoingMail
from integrations.nodes.models import ModelNode
from integrations.webhooks.models import (
    AllowedTarget,
    Attempt,
    DeadLetter,
    Delivery,
    DeliveryCount,
    Endpoint,
)
from integrations.webhooks.sealing import new_secret, sealed
from knowledge.models import (
    Article,
    ArticleFeedback,
    GlossaryTerm,
    Hold,
    IndexGeneration,
    Manual,
    ManualEdition,
    ManualPart,
    Notice,
    Passage,
    PassageVector,
    ValidPeriod,
    Version,
)
from knowledge.models_uses import FailedUse
from prsystem.accounts.mfa import codes
from prsystem.accounts.models import (
    Area,
    AttemptCount,
    Authenticator,
    BrowserSession,
    DirectoryGroup,
    RecoveryCode,
    RefreshToken,
    RoleGrant,
    SetupLink,
    User,
)
from prsystem.core.models import Heartbeat, IdempotencyRecord, Job, OutboxEvent, Tally
from prsystem.core.rights import Role
from prsystem.runtime.models import SettingChange, StoredSetting

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label)
EDITABLE = {
    *(
        Area,
        User,
        RoleGrant,
        Article,
        GlossaryTerm,
        MaintenanceWindow,
        Macro,
        TriageRule,
        ChecklistTemplate,
        Endpoint,
        AllowedTarget,
        ModelNode,
        ChatModelCandidate,
        ApiKey,
    ),
    *(BusinessCalendar, SlaPolicy, EscalationRule, DirectoryGroup),
}
REMOVABLE = {Authenticator, BrowserSession}
APPS = ("core", "runtime", "audit", "accounts", "integrations", "knowledge", "incidents")
OURS = {model for label in APPS for model in apps.get_app_config(label).get_models()}


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


@pytest.fixture
def area() -> Area:
    return Area.objects.create(code="PROD", name="Producción")


@pytest.fixture
def eva() -> User:
    user = User.objects.create(username="eva")
    RoleGrant.objects.create(user=user, role=Role.ADMIN)
    return user


@pytest.fixture
def luis(area: Area) -> User:
    user = User.objects.create(username="luis")
    RoleGrant.objects.create(user=user, role=Role.L1, area=area)
    return user


@pytest.fixture
def rows(area: Area, eva: User) -> dict[type[Model], Model]:
    """One row of every model of the product."""
    return {
        type(row): row
        for row in [
            area,
            eva,
            *_core_rows(),
            *_webhook_rows(),
            *_mail_rows(),
            *_knowledge_rows(area, eva),
            *_incident_rows(area, eva),
            *_sla_rows(area),
        ]
    }


def _core_rows() -> Iterator[Model]:
    yield RoleGrant.objects.order_by("pk").first()
    eva = User.objects.get(username="eva")
    yield Authenticator.objects.create(user=eva, kind="totp", name="Teléfono", sealed_secret=codes.sealed(b"s" * 20))
    yield RecoveryCode.objects.create(user=User.objects.get(username="eva"), digest="d" * 64)
    yield SetupLink.objects.create(digest="d" * 64, expires_at=timezone.now())
    yield BrowserSession.objects.create(session_key="k" * 40, session_data="", expire_date=timezone.now())
    yield DirectoryGroup.objects.create(dn="cn=soporte-l1,ou=grupos,dc=planta,dc=mx", role=Role.L1)
    yield AttemptCount.objects.create(key="login:10.0.0.1", attempts=2, expires_at=timezone.now())
    yield RefreshToken.objects.create(
        user=User.objects.get(username="eva"), family=uuid4(), digest="d" * 64, stamp="s", expires_at=timezone.now()
    )
    entry = AuditEntry.objects.create(actor_kind="system", actor="x", accion="a.b", recurso="c:1")
    seal = {
        "root": b"r",
        "previous_head": b"p",
        "head": b"h",
        "key": "k",
        "signature": b"s",
        "sealed_at": timezone.now(),
    }
    batch = SealBatch.objects.create(number=1, count=1, system="1", **seal)
    key = PersonKey.objects.create(user_id=1, secret=b"k")
    yield from (entry, batch, key, Retirement.objects.create(first_batch=1, last_batch=2, entries=3))
    yield SealedEntry.objects.create(entry_id=entry.pk, batch=batch, ordinal=0, leaf=b"l", tag=b"t", actor_key=key)
    yield Job.objects.create(kind="article.index", state=Job.State.PARKED, attempts=5, run_at=timezone.now())
    yield OutboxEvent.objects.create(event="prueba", resource="c:1")
    yield Tally.objects.create(name="pr_sugerencias", label="modelo", total=2)
    yield IdempotencyRecord.objects.create(scope="user:1", key="k", fingerprint="f")
    yield Heartbeat.objects.create(name="sweep")
    yield StoredSetting.objects.create(key="site.name", value="Planta 2")
    yield SettingChange.objects.create(key="site.name", after="Planta 2", actor="eva")


def _webhook_rows() -> Iterator[Model]:
    endpoint = Endpoint.objects.create(name="erp", url="https://erp.example/x", sealed_secret=sealed(new_secret()))
    event, other = (OutboxEvent.objects.create(event="prueba", resource=f"c:{n}") for n in (2, 3))
    fields = {"endpoint": endpoint, "resource": "c:1", "created_at": timezone.now()}
    delivery = Delivery.objects.create(event=event, message_id="m1", **fields)
    dead = DeadLetter.objects.create(event=other, message_id="m2", state=Delivery.State.DEAD, **fields)
    yield from (endpoint, delivery, dead)
    yield Attempt.objects.create(delivery=delivery, number=1, result="entregada", duration_ms=5, at=timezone.now())
    yield DeliveryCount.objects.create(endpoint=endpoint, result="ok", total=1)
    yield ModelNode.objects.create(url="http://nodo1.planta:11434")
    yield AllowedTarget.objects.create(host="erp.planta", networks="10.0.0.0/8")
    yield BackupRun.objects.create(copy_id="20261124T000000Z-daily", tier="daily", requested_by="eva")
    yield RestorePoint.objects.create(copy_id="x", taken_at=timezone.now(), until=timezone.now(), last_event_id=0)
    yield ApiKey.objects.create(prefix="abcd1234", name="ERP", digest="d" * 64, pepper=1, scopes=["mcp"])


def _mail_rows() -> Iterator[Model]:
    yield OutgoingMail.objects.create(key="k", message_id="<k@x>", recipient="a@b.mx", subject="s", text="t", html="h")
    yield InboundMail.objects.create(message_id="<i@x>", sender="a@b.mx")


def _knowledge_rows(area: Area, user: User) -> Iterator[Model]:
    article = Article.objects.create(slug="bomba", area=area, owner=user)
    version = Version.objects.create(
        article=article, title="Bomba", problem="No arranca", solution="Purgar", author=user, state="publicada"
    )
    Article.objects.filter(pk=article.pk).update(current=version)
    passage = Passage.objects.create(
        article=article, version=version, kind="completo", ordinal=0, lang="es", text="Purgar"
    )
    generation = IndexGeneration.objects.create(fingerprint="f", model="m", dimensions=2, collection="c")
    yield from (article, version, passage, generation)
    yield PassageVector.objects.create(passage=passage, generation=generation, vector=b"\0" * 8)
    yield ValidPeriod.objects.create(version=version, article=article, since=timezone.now())
    yield Notice.objects.create(user=user, kind="revision", article=article, version=version)
    yield GlossaryTerm.objects.create(term="prensa hidráulica", names="la gorda", area=area)
    manual = Manual.objects.create(slug="bomba", name="Bomba", area=area)
    edition = {"file": "a.md", "name": "a.md", "kind": "md", "size": 1, "sha256": "s", "uploaded_by": user}
    yield from (manual, ManualEdition.objects.create(manual=manual, number=1, **edition))
    yield ManualPart.objects.create(manual=manual, article=article, anchor="p-1", ordinal=0)
    yield FailedUse.objects.create(article=article, version=version, origin="incidencia:1", area=area, user=user)
    yield Hold.objects.create(version=version, signs=[["secreto", "dictar la clave"]])
    yield ArticleFeedback.objects.create(article=article, user=user, was_helpful=True)


def _incident_rows(area: Area, user: User) -> Iterator[Model]:
    now = timezone.now()
    fields = {"description": "No arranca", "area": area, "reporter_label": "eva", "level_since": now}
    incident, other = (
        Incident.objects.create(title=f"Bomba {n}", created_at=now, updated_at=now, **fields) for n in (1, 2)
    )
    suggestion = Suggestion.objects.create(incident=incident, record={"x": 1})
    article = Article.objects.get()
    citation = Citation.objects.create(
        suggestion=suggestion, number=1, article=article, version=article.current, kind="completo", fragment="Purgar"
    )
    yield from (incident, suggestion, citation)
    outcome = ProposalOutcome.objects.create(
        incident=incident, suggestion=suggestion, result="edited", resolved_by=user
    )
    yield from (outcome, SourceOutcome.objects.create(outcome=outcome, version=article.current))
    yield HiddenSource.objects.create(incident=incident, article=article, hidden_by=user)
    yield Comment.objects.create(incident=incident, author_label="eva", body="Visto", created_at=now)
    yield Attachment.objects.create(incident=incident, file="a.txt", name="a.txt", content_type="t", size=1, sha256="s")
    yield IncidentVector.objects.create(incident=incident, fingerprint="f", vector=b"\0" * 8)
    yield Merge.objects.create(batch=uuid4(), incident=incident, survivor=other, created_at=now)
    yield Link.objects.create(source=incident, target=other)
    yield SuggestionRating.objects.create(suggestion=suggestion, citation=citation, user=user, was_helpful=True)
    yield Notification.objects.create(user=user, incident=incident, kind="mencion", cause=1)
    yield NoticePreferences.objects.create(user=user)
    yield ExamRun.objects.create(cases=1, recall_at_5=1, groundedness=1, refusal_rate=0, seconds=1)
    yield ChatModelCandidate.objects.create(name="qwen3:8b")
    yield Macro.objects.create(name="Saludo", body="Hola")
    yield ChecklistTemplate.objects.create(name="Arranque", steps="Purgar")
    yield ChecklistItem.objects.create(incident=incident, text="Purgar")
    yield SavedView.objects.create(slug="v", name="V", owner=user)
    yield ShiftNote.objects.create(area=area, author=user, author_label="x", body="Falta aceite")
    yield BoardMail.objects.create(user=user, what="tablero", rhythm="diario", done_until=now)
    yield Presence.objects.create(incident=incident, user=user, seen_at=now)
    yield TriageRule.objects.create(name="Humo", if_words="humo", set_priority="P1")
    yield TriageModel.objects.create(target="area", version=1, method="lineal", macro_f1=0.9, accuracy=0.9, examples=60)
    gap = KnowledgeGap.objects.create(area=incident.area, title="Etiquetas en blanco", cases=3)
    yield gap
    yield GapCase.objects.create(gap=gap, incident=incident)
    yield TriageCorrection.objects.create(incident=incident, target="prioridad", proposed="P1", chosen="P2", user=user)
    yield Storm.objects.create(fingerprint="f" * 64, source="mes", incident=incident, total=2)
    yield StormReference.objects.create(source="mes", reference="EV-1", incident=incident)
    yield MaintenanceWindow.objects.create(reason="Paro", starts_at=now, ends_at=now + timedelta(hours=1))


def _sla_rows(area: Area) -> Iterator[Model]:
    calendar = BusinessCalendar.objects.create(name="Planta", country="MX")
    now = timezone.now()
    yield from (calendar, SlaPolicy.objects.create(name="Urgentes", if_priority="P1", calendar=calendar))
    yield CalendarSpan.objects.create(calendar=calendar, weekday=0, starts="22:00", ends="06:00")
    yield CalendarDay.objects.create(calendar=calendar, day="2026-12-24", kind="cerrado", name="Inventario")
    yield AreaCalendar.objects.create(calendar=calendar, area=area)
    incident = Incident.objects.order_by("pk").first()
    yield IncidentPause.objects.create(incident=incident, started_at=now, ended_at=now)
    yield EscalationRule.objects.create(name="Sube", to_level="L2")
    yield SlaMark.objects.create(incident=incident, timer="respuesta", started_at=now, what="aviso", at=now)


def address(model: type[Model], page: str, *args: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def test_every_model_of_the_product_is_there() -> None:
    assert set(MODELS) >= OURS


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_every_page_answers_an_administrator(model: type[Model], eva: User, rows: dict[type[Model], Model]) -> None:
    client = signed_in(eva)
    assert client.get(address(model, "changelist")).status_code == 200
    assert client.get(address(model, "changelist"), {"q": "bomba 1 INC-1 '\"%"}).status_code == 200
    assert client.get(address(model, "add")).status_code == (200 if model in EDITABLE - {Article} else 403)
    if model in rows:
        change = address(model, "change", rows[model].pk)
        assert client.get(change).status_code == 200
        history = client.get(address(model, "history", rows[model].pk))
        assert client.get(history.url).status_code == 200


@pytest.mark.parametrize("model", sorted(REMOVABLE, key=lambda m: m._meta.label), ids=lambda m: m._meta.label)
def test_what_may_only_be_removed_is_never_changed(
    model: type[Model], eva: User, rows: dict[type[Model], Model]
) -> None:
    client, row = signed_in(eva), rows[model]
    assert client.post(address(model, "add"), {"name": "x"}).status_code == 403
    assert client.post(address(model, "change", row.pk), {"name": "x"}).status_code == 403
    assert model.objects.filter(pk=row.pk).exists()
    assert client.post(address(model, "delete", row.pk), {"post": "yes"}).status_code == 302
    assert not model.objects.filter(pk=row.pk).exists()
    assert AuditEntry.objects.filter(accion__endswith=".deleted").exists()


@pytest.mark.parametrize(
    "model", sorted(OURS - EDITABLE - REMOVABLE, key=lambda m: m._meta.label), ids=lambda m: m._meta.label
)
def test_what_is_read_only_refuses_every_write(model: type[Model], eva: User, rows: dict[type[Model], Model]) -> None:
    client, row = signed_in(eva), rows[model]
    before = list(model.objects.order_by("pk").values())
    assert client.post(address(model, "add"), {"kind": "x"}).status_code == 403
    assert client.post(address(model, "change", row.pk), {"kind": "x", "state": "cerrado"}).status_code == 403
    assert client.post(address(model, "delete", row.pk), {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
    client.post(address(model, "changelist"), chosen)
    after = list(model.objects.order_by("pk").values())
    assert after[: len(before)] == before
    assert len(after) == len(before) or model is AuditEntry  # refusals are noted there


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_nobody_else_sees_anything(model: type[Model], luis: User, rows: dict[type[Model], Model]) -> None:
    pages = [address(model, "changelist"), address(model, "add")]
    pages += [address(model, "change", rows[model].pk)] if model in rows else []
    for page in pages:
        assert signed_in(luis).get(page).status_code in (302, 403)
        assert signed_in(luis).post(page, {}).status_code in (302, 403)
        answer = Client().get(page)
        assert answer.status_code == 302
        assert answer.url.startswith(("/entrar?next=", "/admin/login/?next="))


def test_there_is_one_sign_in(luis: User, eva: User) -> None:
    answer = Client().get("/admin/login/?next=/admin/core/job/")
    assert answer.status_code == 302
    assert answer.url == "/entrar?next=/admin/core/job/"
    assert Client().post("/admin/login/", {"username": "eva", "password": "x"}).url.startswith("/entrar?next=")
    assert signed_in(luis).get("/admin/login/").status_code == 403
    assert signed_in(eva).get("/admin/login/").url == "/admin/"
    assert signed_in(eva).get("/admin/password_change/").url == "/cuenta/"


def test_the_front_page_leads_to_what_the_administrator_did(eva: User, area: Area) -> None:
    client = signed_in(eva)
    client.post(address(Area, "change", area.pk), {"code": "PROD", "name": "Otra", "is_active": "on"})
    own = f"{address(AuditEntry, 'changelist')}?usuario_id__exact={eva.pk}"
    assert own in client.get(reverse("admin:index")).content.decode()
    assert [found.accion for found in client.get(own).context["cl"].result_list] == ["area.updated", "session.started"]


def test_an_administrator_of_one_area_does_not_get_in(luis: User, area: Area) -> None:
    RoleGrant.objects.create(user=luis, role=Role.ADMIN, area=area)
    assert signed_in(luis).get(reverse("admin:index")).status_code == 302


def entry(action: str) -> AuditEntry:
    return AuditEntry.objects.get(accion=action)


def changes_made() -> list[str]:
    """Actions in the trail, the sign-in apart."""
    return list(AuditEntry.objects.exclude(accion="session.started").values_list("accion", flat=True))


def test_changing_an_area_leaves_before_and_after(eva: User, area: Area) -> None:
    data = {"code": "PROD", "name": "Línea 1", "is_active": "on"}
    assert signed_in(eva).post(address(Area, "change", area.pk), data).status_code == 302
    found = entry("area.updated")
    assert (found.recurso, found.usuario_id, found.actor) == (f"area:{area.pk}", eva.pk, "eva")
    assert found.detalles == {"name": {"antes": "Producción", "despues": "Línea 1"}}


def test_saving_without_a_change_leaves_no_entry(eva: User, area: Area) -> None:
    data = {"code": area.code, "name": area.name, "is_active": "on"}
    signed_in(eva).post(address(Area, "change", area.pk), data)
    assert not changes_made()


def test_adding_and_removing_an_area(eva: User) -> None:
    client = signed_in(eva)
    client.post(address(Area, "add"), {"code": "CAL", "name": "Calidad", "is_active": "on"})
    area = Area.objects.get(code="CAL")
    assert entry("area.created").detalles["code"] == {"antes": None, "despues": "CAL"}
    client.post(address(Area, "delete", area.pk), {"post": "yes"})
    assert not Area.objects.filter(code="CAL").exists()
    assert entry("area.deleted").detalles["name"] == {"antes": "Calidad", "despues": None}


def test_a_bad_code_of_an_area_is_refused(eva: User) -> None:
    answer = signed_in(eva).post(address(Area, "add"), {"code": "línea 1", "name": "x", "is_active": "on"})
    assert answer.status_code == 200
    assert answer.context["adminform"].form.errors["code"]


def grants_form(*grants: tuple[str, object], **fields: object) -> dict[str, object]:
    data = {"grants-TOTAL_FORMS": len(grants), "grants-INITIAL_FORMS": 0, "language": "es", "theme": "auto", **fields}
    for number, (role, area) in enumerate(grants):
        data |= {f"grants-{number}-role": role, f"grants-{number}-area": area}
    return data


def test_a_new_user_has_a_lower_case_name_and_an_argon2_password(eva: User, area: Area) -> None:
    data = grants_form(
        (Role.L2, area.pk),
        username=" Marta ",
        usable_password="true",
        password1="Una-clave-larga-26",
        password2="Una-clave-larga-26",
        full_name="Marta Gil",
        email="",
    )
    assert signed_in(eva).post(address(User, "add"), data).status_code == 302
    user = User.objects.get(username="marta")
    assert identify_hasher(user.password).algorithm == "argon2"
    found = entry("user.created").detalles
    assert found["username"] == {"antes": None, "despues": "marta"}
    assert found["rolegrant"]["despues"] == [f"{user.pk}: l2 ({area.pk})"]
    assert "argon2" not in str(found)


def test_roles_given_on_the_page_of_a_person_are_audited(eva: User, luis: User, area: Area) -> None:
    grant = luis.grants.get()
    data = grants_form(username="LUIS", is_active="on", full_name="", email="")
    data |= {"grants-TOTAL_FORMS": 2, "grants-INITIAL_FORMS": 1}
    data |= {"grants-0-id": grant.pk, "grants-0-user": luis.pk, "grants-0-role": Role.L1, "grants-0-area": area.pk}
    data |= {"grants-1-user": luis.pk, "grants-1-role": Role.EDITOR, "grants-1-area": ""}
    assert signed_in(eva).post(address(User, "change", luis.pk), data).status_code == 302
    luis.refresh_from_db()
    assert luis.username == "luis"
    assert set(luis.grants.values_list("role", flat=True)) == {Role.L1, Role.EDITOR}
    assert list(entry("user.updated").detalles) == ["rolegrant"]
    assert entry("user.updated").recurso == f"usuario:{luis.pk}"


def test_a_new_password_is_audited_without_it(eva: User, luis: User) -> None:
    data = {"usable_password": "true", "password1": "Otra-clave-larga-26", "password2": "Otra-clave-larga-26"}
    assert signed_in(eva).post(reverse("admin:auth_user_password_change", args=[luis.pk]), data).status_code == 302
    luis.refresh_from_db()
    assert luis.check_password("Otra-clave-larga-26")
    assert entry("user.password_changed").detalles == {}


def test_an_administrator_neither_locks_herself_out_nor_makes_herself_superuser(eva: User) -> None:
    data = grants_form(username="eva", is_superuser="on", full_name="Eva", email="")
    data |= {"grants-TOTAL_FORMS": 0}
    assert signed_in(eva).post(address(User, "change", eva.pk), data).status_code == 302
    eva.refresh_from_db()
    assert (eva.full_name, eva.is_active, eva.is_superuser) == ("Eva", True, False)


def test_nobody_is_removed(eva: User, luis: User) -> None:
    assert signed_in(eva).post(address(User, "delete", luis.pk), {"post": "yes"}).status_code == 403


def test_visibility_of_an_article_is_set_and_its_text_is_not(eva: User, rows: dict[type[Model], Model]) -> None:
    article = rows[Article]
    data = {"visibility": "todos", "owner": "", "slug": "otro", "is_archived": "on"}
    data |= {"versions-TOTAL_FORMS": 0, "versions-INITIAL_FORMS": 0}
    assert signed_in(eva).post(address(Article, "change", article.pk), data).status_code == 302
    article.refresh_from_db()
    assert (article.visibility, article.slug, article.is_archived) == ("todos", "bomba", False)
    found = entry("article.updated")
    assert found.recurso == "articulo:bomba"
    assert found.detalles["visibility"] == {"antes": "area", "despues": "todos"}


def test_a_parked_job_is_tried_again_once(eva: User, rows: dict[type[Model], Model]) -> None:
    job = rows[Job]
    chosen = {"action": "retry", "_selected_action": [job.pk]}
    for _again in range(2):
        assert signed_in(eva).post(address(Job, "changelist"), chosen).status_code == 302
    job.refresh_from_db()
    assert (job.state, job.attempts, job.finished_at) == (Job.State.PENDING, 0, None)
    assert entry("job.retried").recurso == f"job:{job.pk}"


def test_a_parked_job_whose_work_waits_already_stays_parked(eva: User) -> None:
    parked = Job.objects.create(
        kind="article.index", state=Job.State.PARKED, attempts=5, run_at=timezone.now(), dedup_key="article.index:1"
    )
    Job.objects.create(kind="article.index", run_at=timezone.now(), dedup_key="article.index:1")
    chosen = {"action": "retry", "_selected_action": [parked.pk]}
    assert signed_in(eva).post(address(Job, "changelist"), chosen).status_code == 302
    parked.refresh_from_db()
    assert parked.state == Job.State.PARKED
    assert not changes_made()


def test_incidents_are_found_by_words_and_number_and_lead_to_their_page(
    eva: User, rows: dict[type[Model], Model]
) -> None:
    incident, client = rows[Incident], signed_in(eva)
    for words in ("bomba 1", incident.number):
        answer = client.get(address(Incident, "changelist"), {"q": words})
        assert [found.pk for found in answer.context["cl"].result_list] == [incident.pk]
    page = client.get(address(Incident, "change", incident.pk)).content.decode()
    assert 'class="viewsitelink"' in page
    assert Incident.objects.get(pk=incident.pk).state == State.NEW


def test_a_choice_that_names_no_row_comes_back_with_its_error(eva: User) -> None:
    for name in ("assign_to", "notify_user"):
        answer = signed_in(eva).post(address(EscalationRule, "add"), {name: "[]"})
        assert answer.status_code == 200 and answer.context["adminform"].form.errors[name]
    answer = signed_in(eva).post(address(BusinessCalendar, "add"), {"areas-TOTAL_FORMS": "1", "areas-0-area": "x"})
    assert answer.status_code == 200
