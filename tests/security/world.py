"""Two areas with one of everything, and somebody of every role in the first of them."""

from dataclasses import dataclass
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from audit.services import record
from incidents.exams.models import ChatModelCandidate
from incidents.models import Attachment, BoardMail, ChecklistItem, KnowledgeGap, Link, Macro
from integrations.api_keys.services import KeySpec, api_key_create
from integrations.backups.models import BackupRun
from integrations.mail.models import OutgoingMail
from integrations.nodes.models import ModelNode
from integrations.webhooks.editing import EndpointSpec, endpoint_create
from integrations.webhooks.services import endpoint_test
from knowledge.models import Article, GlossaryTerm, Manual, ManualEdition, Notice, Version
from knowledge.services.indexing import passages_rebuild
from prsystem.accounts.models import Area, User
from prsystem.core.context import SYSTEM
from prsystem.core.models import Job
from prsystem.core.rights import Role
from tests.incidents.makers import make_article, make_incident, make_suggestion
from tests.people import make_area, make_user

OWN, OTHER = "PROD", "MANT"


@dataclass(frozen=True)
class Place:
    """What there is in one area, by the names that addresses and bodies use."""

    area: Area
    names: dict[str, Any]


def place_in(code: str) -> Place:
    area = make_area(code)
    reporter = make_user(f"quien-{code.lower()}", Role.REPORTER, areas=[area])
    worker = make_user(f"apoyo-{code.lower()}", Role.L2, areas=[area])
    incident, other = (make_incident(reporter, f"Bomba {n} de {code}", area=code) for n in (1, 2))
    version = make_article(area, f"Bomba de {code}")
    older = Version.objects.get(pk=version.pk)
    Version.objects.filter(pk=older.pk).update(state="reemplazada")
    version = Version.objects.create(
        article_id=older.article_id, title="Bomba", problem="p", solution="s", minor=1, state="publicada"
    )
    Article.objects.filter(pk=version.article_id).update(visibility=Article.Visibility.AREA, current=version)
    draft = Version.objects.create(article_id=version.article_id, title="Bomba", problem="p", solution="s", minor=2)
    passages_rebuild(version.article_id)
    link = Link.objects.create(source=incident, target=other)
    suggestion = make_suggestion(incident, version)
    file = Attachment.objects.create(
        incident=incident,
        file=ContentFile(b"hola", "a.bin"),
        name="a.txt",
        content_type="text/plain",
        size=4,
        sha256="0" * 64,
    )
    notice = Notice.objects.create(user=reporter, kind="revision", article_id=version.article_id, version=version)
    slug = Article.objects.get(pk=version.article_id).slug
    manual = Manual.objects.create(slug=slug, name=f"Manual de {code}", area=area)
    ManualEdition.objects.create(
        manual=manual, number=1, state="en_uso", file=ContentFile(b"# A", "m.bin"), name="m.md", kind="md", size=3
    )
    macro = Macro.objects.create(name=f"Pedir foto {code}", area=area, body="¿Hay foto?")
    board_mail = BoardMail.objects.create(
        user=reporter, what="tablero", rhythm="diario", done_until=incident.created_at
    )
    step = ChecklistItem.objects.create(incident=incident, text="Medir la presión")
    node = ModelNode.objects.get_or_create(url="http://127.0.0.1:9")[0]
    endpoint, _secret = endpoint_create(
        actor=SYSTEM, spec=EndpointSpec(f"erp-{code.lower()}", "https://erp.example/hook")
    )
    delivery = endpoint_test(actor=SYSTEM, endpoint_id=endpoint.pk)
    key = api_key_create(actor=SYSTEM, spec=KeySpec(name="ERP", scopes=["conocimiento:read"])).api_key
    mail = OutgoingMail.objects.create(key=f"m-{code}", message_id=f"<{code}@planta>", recipient="a@planta.example")
    names = {
        "candidate_id": ChatModelCandidate.objects.create(name="qwen3:8b").pk,
        "job_id": Job.objects.create(kind="article.index", run_at=timezone.now(), state=Job.State.PARKED).pk,
        "backup_id": BackupRun.objects.create(copy_id=f"copia-{code}", tier="manual", state="done").pk,
        "mail_id": mail.pk,
        "endpoint_id": endpoint.pk,
        "delivery_id": delivery.pk,
        "prefijo": key.prefix,
        "clave": "site.name",
        "seccion": "areas",
        "usuario": worker.username,
        "sesion": "00000000-0000-0000-0000-000000000000",
        "node_id": node.pk,
        "gap_id": KnowledgeGap.objects.create(area=area, title=f"Hueco de {code}").pk,
        "macro_id": macro.pk,
        "term_id": GlossaryTerm.objects.create(term="Prensa", area=area, names="la gorda").pk,
        "step": step.pk,
        "board_mail_id": board_mail.pk,
        "id": str(incident.pk),
        "other_id": str(other.pk),
        "number": incident.number,
        "file_id": file.pk,
        "n": file.pk,
        "link": link.pk,
        "suggestion_id": suggestion.pk,
        "notice_id": notice.pk,
        "slug": slug,
        "edition": 1,
        "draft": draft.number,
        "published": version.number,
        "older": older.number,
        "worker": worker.username,
        "area": code,
        "level": "L1",
        "action": "tomar",
        "act": "reportar",
        "entry_id": record(SYSTEM, "a.b", "c:1").pk,
        "key": "site.name",
        "token": "no-es-el-enlace",
    }
    return Place(area, names)


def people(area: Area) -> dict[str, User]:
    """By role; those with `_all` hold it in every area."""
    found = {role.value: make_user(f"p-{role.value}", role, areas=[area]) for role in Role}
    found |= {f"{role.value}_all": make_user(f"t-{role.value}", role) for role in (Role.AUDITOR, Role.ADMIN)}
    return {**found, "nobody": make_user("p-nadie")}
