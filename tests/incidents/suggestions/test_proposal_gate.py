"""One gate between a proposal and whoever looks: while a model writes, afterwards, and when a right is lost midway.

A reporter of two areas, a viewer of one, and a slow node: every address of the site is walked with a canary, each time
that the text grows.
"""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from audit.services import record
from incidents.models import Incident, Notification, Suggestion
from incidents.moves.recalling import version_recall_tell
from incidents.notices.mailing import notification_mail
from incidents.suggestions import services as suggesting
from incidents.suggestions.proposal import proposal_of
from incidents.suggestions.selectors import latest_suggestion
from integrations.mail.models import OutgoingMail
from integrations.ollama.client import OllamaNode
from integrations.ollama.cluster import Cluster
from integrations.ollama.inflight import InFlight
from knowledge.models import Article, Notice, Version
from knowledge.services import assisting
from knowledge.services.indexing import passages_rebuild
from prsystem.accounts.models import Area, RoleGrant, User
from prsystem.core.context import SYSTEM
from prsystem.core.models import OutboxEvent
from prsystem.core.rights import Role
from tests.incidents.makers import claimed, make_article, make_incident, make_suggestion
from tests.integrations.api_keys.makers import client as key_client
from tests.integrations.api_keys.makers import make_key
from tests.people import api, browser, make_user
from tests.security.addresses import CONVERTERS, NAMES, OURS, SLASH
from tests.security.test_canaries import tool
from tests.security.world import place_in
from tests.standins.process import OllamaProcess

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[3]
MODEL = "grande:8b"
CANARY = "zumaque"  # no figure and no capital: nothing but the gate keeps it back
LEADS_AWAY = {"logout"}


@pytest.fixture
def both(prod: Area, mant: Area) -> User:
    return make_user("rosa", Role.REPORTER, areas=[prod, mant])


@pytest.fixture
def secret(mant: Area) -> Version:
    lines = "\n".join(f"Girar la perilla {word} con {CANARY}." for word in ("azul", "verde", "blanca"))
    version = make_article(mant, "La prensa no arranca", problem="La prensa no arranca al pulsar.", solution=lines)
    Article.objects.filter(pk=version.article_id).update(visibility=Article.Visibility.AREA)
    passages_rebuild(version.article_id)
    return version


@pytest.fixture
def incident(both: User, luis: User, secret: Version) -> Incident:
    made = make_incident(both, "La prensa no arranca", description="Al pulsar marcha no arranca la prensa.")
    return claimed(made, luis)


@pytest.fixture
def node(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[OllamaProcess]:
    with OllamaProcess(chat_model=MODEL, answer="lines", tokens_per_second=200) as one:
        settings.OLLAMA_CHAT_MODEL, settings.OLLAMA_SMALL_MODEL = MODEL, ""
        made = Cluster([OllamaNode(one.url)], InFlight(None))
        monkeypatch.setattr(assisting, "get_cluster", lambda: made)
        monkeypatch.setattr(suggesting, "DRAFT_SECONDS", 0.0)
        yield one


def grown(monkeypatch: pytest.MonkeyPatch, look: Callable[[], None]) -> list[str]:
    """What was kept each time that the text grew; `look` is called after each."""
    kept: list[str] = []
    plain = suggesting._Growing.__call__

    def grow(self: suggesting._Growing, text: str) -> None:
        plain(self, text)
        kept.append(Suggestion.objects.latest("pk").text)
        look()

    monkeypatch.setattr(suggesting._Growing, "__call__", grow)
    return kept


def addresses(incident: Incident) -> list[str]:
    """Every address of the site about the incident, and its page as each of its forms opens it."""
    suggestion = incident.suggestions.latest("pk").pk
    names = {"number": incident.number, "id": str(incident.pk), "suggestion_id": suggestion, "slug": "ajeno"}
    place = {**place_in("LOG").names, **names}
    found = ["/" + CONVERTERS.sub(lambda m: str(place.get(m[1], "1")), OURS[name]) for name in NAMES if name != SLASH]
    page = incident.get_absolute_url()
    found += [f"{page}?abrir={move}" for move in ("resolver", "escalar", "esperar", "comentar")]
    return [path for path in found if not any(word in path for word in ("salir", "mcp"))]


def told(viewer: User, paths: list[str]) -> dict[str, str]:
    """What each address says to the viewer: as a page, as a part of one, and by the API."""
    clients: list[Client] = [browser(viewer), api(viewer)]
    found = {}
    for path in paths:
        for client in clients:
            for headers in ({}, {"HX-Request": "true"}):
                response = client.get(path, headers=headers)
                content = b"" if response.streaming else response.content
                found[f"{path} {type(client).__name__} {headers}"] = content.decode(errors="replace")
    return found


def leaks(said: dict[str, str]) -> list[str]:
    return [where for where, text in said.items() if CANARY in text.lower()]


def test_no_address_shows_another_area_s_words_while_the_model_writes(
    node: OllamaProcess, incident: Incident, both: User, luis: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = f"/incidencias/{incident.number}/"
    part, call = f"{own}sugerencia", f"/api/incidencias/{incident.pk}/sugerencia"
    seen: list[bool] = []

    def look() -> None:
        assert not leaks(told(luis, [own, f"{own}?abrir=resolver", part, call]))
        seen.append(CANARY in browser(both).get(own).content.decode())

    kept = grown(monkeypatch, look)
    suggesting.suggestion_draft(incident.suggestions.get().pk)
    assert any(CANARY in text for text in kept), "the node wrote the canary line by line"
    assert any(seen), "who reported sees it grow"


def test_no_address_shows_them_halfway_or_at_the_end(node: OllamaProcess, incident: Incident, luis: User) -> None:
    suggestion = incident.suggestions.get()
    suggesting.suggestion_draft(suggestion.pk)
    suggestion.refresh_from_db()
    assert (suggestion.rung, CANARY in suggestion.text) == ("modelo", True)
    paths = addresses(incident)
    assert len(paths) > 150
    for state in (Suggestion.State.READY, Suggestion.State.RUNNING):
        Suggestion.objects.filter(pk=suggestion.pk).update(state=state)
        assert not leaks(told(luis, paths)), state


def test_no_key_mail_event_or_notice_holds_them(
    node: OllamaProcess, incident: Incident, luis: User, marta: User, prod: Area
) -> None:
    suggesting.suggestion_draft(incident.suggestions.get().pk)
    marta.email = "marta@planta.example"
    marta.save(update_fields=["email"])
    entry = record(SYSTEM, "incident.commented", incident.resource, {})
    notice = Notification.objects.create(user=marta, incident=incident, kind="comentario", cause=entry.pk, by_mail=True)
    notification_mail(notification_id=notice.pk)
    key = make_key("mcp", "conocimiento:read", "incidencias:read", areas=[prod])
    texts = {
        "external": key_client(key).get(f"/api/v1/external/incidencias/{incident.pk}").content.decode(),
        "mcp": tool(key, "leer_incidencia", numero=incident.number).content.decode(),
        "mail": str(list(OutgoingMail.objects.values())),
        "events": str(list(OutboxEvent.objects.values())),
    }
    assert incident.number in texts["external"] and incident.number in texts["mcp"] and OutgoingMail.objects.exists()
    assert not leaks(texts)


def test_a_sentence_of_a_model_may_hold_words_of_a_passage_that_it_does_not_cite(
    incident: Incident, both: User, luis: User, prod: Area, secret: Version
) -> None:
    """The check of sentences lets two words in five come from elsewhere: who may not read every passage of the prompt
    isn't shown what was written from it."""
    own = make_article(prod, "Prensa")
    suggestion = make_suggestion(incident, own, text=f"Cambiar la junta con {CANARY} [1].")
    slug = Article.objects.get(pk=secret.article_id).slug
    suggestion.record = {"pasajes": [[1, "prensa", "1.0", "solution", 0.9], [2, slug, "1.0", "solution", 0.8]]}
    suggestion.save()
    assert not leaks(told(luis, addresses(incident)))
    assert CANARY in browser(both).get(incident.get_absolute_url()).content.decode()
    Suggestion.objects.update(rung="extractiva")  # word for word: nothing of what isn't cited
    assert CANARY in browser(luis).get(incident.get_absolute_url()).content.decode()


def _shown(incident: Incident, user: User) -> str:
    return api(User.objects.get(pk=user.pk)).get(f"/api/incidencias/{incident.pk}/sugerencia").json()["texto"]


@pytest.mark.parametrize("state", ["lista", "en_curso"])
def test_a_right_that_is_lost_midway_takes_the_text_away(
    incident: Incident, both: User, secret: Version, mant: Area, state: str
) -> None:
    suggestion = make_suggestion(incident, secret, text=f"Girar con {CANARY} [1].")
    slug = Article.objects.get(pk=secret.article_id).slug
    record = {"pasajes": [[1, slug, "1.0", "solution", 0.9]]}
    Suggestion.objects.filter(pk=suggestion.pk).update(state=state, record=record)
    assert CANARY in _shown(incident, both)
    RoleGrant.objects.filter(user=both, area=mant).delete()
    assert _shown(incident, both) == ""
    RoleGrant.objects.create(user=both, area=mant, role=Role.REPORTER)
    assert CANARY in _shown(incident, both)
    Article.objects.filter(pk=secret.article_id).update(is_archived=True)
    assert _shown(incident, both) == ""


def test_what_may_not_be_read_is_neither_rated_nor_told_apart(
    incident: Incident, luis: User, both: User, secret: Version
) -> None:
    make_suggestion(incident, secret, text=f"Girar con {CANARY} [1].")
    path = f"/api/incidencias/{incident.pk}/sugerencia"
    answer = api(luis).get(path).json()
    hidden = ("texto", "citas", "fuentes", "confianza", "modelo", "nodo", "duracion_ms", "sin_sustento")
    assert [answer[name] for name in hidden] == ["", [], [], None, "", "", None, []]
    for body in ({"util": True}, {"util": True, "cita": 1}, {"util": True, "cita": 9}):
        assert api(luis).post(f"{path}/valoracion", body).status_code == 403
    assert api(both).post(f"{path}/valoracion", {"util": True, "cita": 1}).status_code == 200


@pytest.mark.parametrize("state", ["en_curso", "fallida", "sin_respuesta"])
def test_the_form_begins_with_nothing_but_a_finished_answer(
    incident: Incident, luis: User, prod: Area, state: str
) -> None:
    make_suggestion(incident, make_article(prod, "Prensa"), text="Cambiar la junta [1].")
    Suggestion.objects.update(record={"pasajes": [[1, "prensa", "1.0", "solution", 0.9]]})
    assert _prefilled(incident, luis) == "Cambiar la junta."
    Suggestion.objects.update(state=state)
    assert _prefilled(incident, luis) == ""


def test_the_form_does_not_begin_with_what_was_recalled(incident: Incident, luis: User, prod: Area) -> None:
    version = make_article(prod, "Prensa")
    make_suggestion(incident, version, text="Cambiar la junta [1].")
    Version.objects.filter(pk=version.pk).update(state=Version.State.RECALLED)
    assert _prefilled(incident, luis) == ""
    assert (
        'abrir=resolver#resolver">'
        not in browser(luis).get(f"{incident.get_absolute_url()}sugerencia").content.decode()
    )


def _prefilled(incident: Incident, user: User) -> str:
    page = browser(user).get(f"{incident.get_absolute_url()}?abrir=resolver")
    return page.context["forms"]["resolver"].initial["solucion"]


def test_what_is_shown_leads_to_nothing_that_is_not(incident: Incident, luis: User, secret: Version) -> None:
    """A template has no way from what it is given to the row."""
    make_suggestion(incident, secret, text=f"Girar con {CANARY} [1].")
    proposal = proposal_of(latest_suggestion(incident), luis.rights)
    assert proposal is not None and proposal.is_withheld
    assert CANARY not in repr(proposal)


def test_a_recall_names_the_article_to_its_readers_alone(
    incident: Incident, both: User, luis: User, mant: Area
) -> None:
    """The comment in the incident and the notice in somebody's work are surfaces of what a proposal cites as well."""
    secret = make_article(mant, f"La {CANARY}")
    Article.objects.filter(pk=secret.article_id).update(visibility=Article.Visibility.AREA)
    make_suggestion(incident, secret, text=f"Girar con {CANARY} [1].")
    Version.objects.filter(pk=secret.pk).update(reason=f"Con {CANARY} se rompe", state=Version.State.RECALLED)
    version_recall_tell(secret.pk)
    version_recall_tell(secret.pk)
    (comment,) = incident.comments.all()
    assert CANARY not in comment.body and "retiró por errónea" in comment.body
    assert not leaks(told(luis, ["/", "/api/avisos/conocimiento", incident.get_absolute_url()]))
    Notice.objects.create(user=luis, kind="retirada", article_id=secret.article_id, version_id=secret.pk, text=CANARY)
    assert not leaks(told(luis, ["/", "/api/avisos/conocimiento"]))
    Article.objects.filter(pk=secret.article_id).update(visibility="todos")
    version_recall_tell(secret.pk)
    assert incident.comments.filter(body__contains=CANARY).exists()
    assert leaks(told(luis, ["/"]))


# Modules that read a suggestion's row or its citations, and why they aren't behind the gate.
READERS = {
    "incidents/suggestions/proposal.py": "the gate",
    "incidents/suggestions/selectors.py": "fetches what the gate is given",
    "incidents/suggestions/record.py": "asks the gate first",
    "incidents/suggestions/models.py": "the tables",
    "incidents/suggestions/admin.py": "the console: administrators of everything",
    "incidents/suggestions/services.py": "writes them; rating asks the gate first",
    "incidents/suggestions/replaying.py": "writes the comparison; it is read through `record`",
    "incidents/moves/outcomes.py": "counts votes; shows nothing",
    "incidents/answers/keeping.py": "keeps what a resolution left of them; shown to administrators alone",
    "incidents/suggestions/hidden.py": "names of articles that the asker may read, nothing of the text",
    "incidents/erasing.py": "replaces names",
    "incidents/management/commands/replay.py": "the operator's command line",
    "incidents/demo/load.py": "writes the demo",
    "incidents/demo/load_incidents.py": "writes the demo",
    "incidents/demo/load_opinions.py": "writes the demo",
}
TELLING = {"citations", "fragment", "record"}


def test_nothing_else_reads_a_suggestion() -> None:
    """A new surface goes through the gate: elsewhere no `.citations`, `.fragment` or `.record` of anything called
    suggestion or citation, and no `suggestion.text`."""
    wrong = []
    for path in sorted((ROOT / "incidents").rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        if name in READERS or "migrations" in path.parts:
            continue
        for found in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(found, ast.Attribute) and _reads_row(found):
                wrong.append(f"{name}:{found.lineno} {ast.unparse(found)}")
    assert not wrong
    assert all((ROOT / name).exists() for name in READERS)


def _reads_row(found: ast.Attribute) -> bool:
    owner = ast.unparse(found.value)
    return owner.endswith(("suggestion", "citation")) and found.attr in TELLING | {"text"}


def test_templates_are_given_no_row() -> None:
    templates = list((ROOT / "incidents/templates").rglob("*.*"))
    allowed = {"record.html"}  # of the newest finished one, whose text isn't shown
    wrong = [path.name for path in templates if path.name not in allowed and "suggestion.text" in path.read_text()]
    assert templates and not wrong
    assert "suggestion.text" not in (ROOT / "incidents/templates/incidents/record.html").read_text()
