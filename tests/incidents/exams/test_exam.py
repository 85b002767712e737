"""The exam on closed cases and its gate: a model that answers worse isn't used."""

import json
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from audit.models import AuditEntry
from incidents.exams import services as examining
from incidents.exams.models import ChatModelCandidate, ExamRun
from incidents.exams.scoring import CaseResult, compared, totals, worse_cases
from incidents.exams.services import candidate_examine, candidate_promote, embedder_examine, exam_nightly, exam_request
from incidents.models import Incident
from integrations.ollama.client import OllamaNode
from integrations.ollama.cluster import Cluster
from integrations.ollama.inflight import InFlight
from knowledge import in_use
from knowledge.assistant.prompts import PROMPT_VERSION, PROMPTS, SMALL_PROMPT
from knowledge.in_use import chat_model_now, prompt_for
from knowledge.models import IndexGeneration
from knowledge.services import assisting, indexing
from knowledge.services.embedding import Space
from knowledge.services.indexing import passages_rebuild
from knowledge.services.search import SearchResult, knowledge_search
from prsystem.accounts.models import User
from prsystem.core.errors import Conflict, NotAllowed
from prsystem.core.models import Job
from prsystem.core.rights import Role
from tests.incidents.makers import make_article, make_incident
from tests.people import actor, browser, make_area, make_user
from tests.standins.process import OllamaProcess

pytestmark = pytest.mark.django_db
GOOD, SAME, BAD = "bueno:8b", "igual:8b", "malo:1b"
CASES = (
    ("La prensa no arranca", "La prensa no arranca al pulsar marcha.", "Rearmar el paro de emergencia."),
    ("Fuga de aceite en la bomba", "La bomba hidráulica pierde aceite.", "Cambiar el retén de la bomba."),
    ("El variador marca E-4012", "El variador muestra la alarma E-4012.", "Apretar los bornes del variador."),
)


@pytest.fixture
def eva() -> User:
    return make_user("eva", Role.ADMIN)


@pytest.fixture
def cases() -> list[Incident]:
    """Solved, and what solved them is known."""
    area = make_area("PROD")
    ana, found = make_user("ana", Role.REPORTER, areas=[area]), []
    for title, problem, solution in CASES:
        version = make_article(area, title, problem=problem, solution=solution)
        passages_rebuild(version.article_id)
        incident = make_incident(ana, title, description=problem)
        Incident.objects.filter(pk=incident.pk).update(state="cerrado", learned_version=version)
        found.append(incident)
    return found


@pytest.fixture
def models(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[OllamaProcess]:
    """The model in use, one that answers alike, and one that never says where it has things from."""
    settings.OLLAMA_CHAT_MODEL, settings.OLLAMA_SMALL_MODEL = GOOD, ""
    with (
        OllamaProcess(chat_model=GOOD) as good,
        OllamaProcess(chat_model=SAME) as same,
        OllamaProcess(chat_model=BAD, answer="silent") as bad,
    ):
        made = Cluster([OllamaNode(node.url) for node in (good, same, bad)], InFlight(None))
        for module in (assisting, in_use):
            monkeypatch.setattr(module, "get_cluster", lambda: made)
        yield bad


def examined(name: str) -> ChatModelCandidate:
    return candidate_examine(ChatModelCandidate.objects.create(name=name).pk)


def test_a_worse_model_is_examined_and_refused_with_the_cases_listed(
    cases: list[Incident], models: OllamaProcess, eva: User
) -> None:
    candidate = examined(BAD)
    assert candidate.exam.score < ExamRun.objects.filter(chat_model=GOOD).first().score
    assert (candidate.exam.recall_at_5, candidate.exam.groundedness) == (1.0, 0.0)
    assert set(candidate.failing) == {incident.number for incident in cases}
    assert candidate_promote(actor=actor(eva), candidate_id=candidate.pk).state == "rechazado"
    assert chat_model_now() == GOOD
    page = "/admin/incidents/chatmodelcandidate/"
    answer = browser(eva).post(page, {"action": "promote", "_selected_action": [candidate.pk]}, follow=True)
    assert cases[0].number in answer.content.decode()
    assert "0,667 · 1,000" in answer.content.decode()


def test_a_model_as_good_is_promoted_and_then_answers(cases: list[Incident], models: OllamaProcess, eva: User) -> None:
    candidate = examined(SAME)
    assert (candidate.exam.score, candidate.failing) == (ExamRun.objects.filter(chat_model=GOOD).first().score, [])
    with pytest.raises(NotAllowed):
        candidate_promote(actor=actor(make_user("luis", Role.L2)), candidate_id=candidate.pk)
    assert candidate_promote(actor=actor(eva), candidate_id=candidate.pk).state == "promovido"
    assert chat_model_now() == SAME
    worse = examined(BAD)  # compared with the promoted one from now on
    assert candidate_promote(actor=actor(eva), candidate_id=worse.pk).state == "rechazado"


def test_without_an_exam_or_with_one_that_no_node_could_do_nothing_is_promoted(
    cases: list[Incident], models: OllamaProcess, eva: User
) -> None:
    unexamined = ChatModelCandidate.objects.create(name=SAME)
    missing = examined("ninguno:1b")
    assert missing.exam.state == "sin_modelo"
    for candidate in (unexamined, missing):
        with pytest.raises(Conflict):
            candidate_promote(actor=actor(eva), candidate_id=candidate.pk)


def test_the_exam_of_another_prompt_or_embedder_doesnt_count(
    cases: list[Incident], models: OllamaProcess, eva: User
) -> None:
    candidate = examined(SAME)
    for change in ({"prompt_version": "pasos-0"}, {"embedder": "otro"}):
        kept = ExamRun.objects.filter(pk=candidate.exam_id).values("prompt_version", "embedder").get()
        ExamRun.objects.filter(pk=candidate.exam_id).update(**change)
        with pytest.raises(Conflict):
            candidate_promote(actor=actor(eva), candidate_id=candidate.pk)
        ExamRun.objects.filter(pk=candidate.exam_id).update(**kept)


def test_a_site_without_a_model_takes_the_first_that_was_examined(
    cases: list[Incident], models: OllamaProcess, eva: User, settings: Any
) -> None:
    settings.OLLAMA_CHAT_MODEL = ""
    assert candidate_promote(actor=actor(eva), candidate_id=examined(SAME).pk).state == "promovido"


def test_by_night_the_passages_and_the_model_in_use_are_examined(cases: list[Incident], models: OllamaProcess) -> None:
    exam_request()
    exam_request()
    assert Job.objects.filter(kind="exam.nightly").count() == 1
    exam_nightly()
    assert {(exam.chat_model, exam.cases, exam.recall_at_5) for exam in ExamRun.objects.all()} == {
        ("", 3, 1.0),
        (GOOD, 3, 1.0),
    }


def test_the_command_prints_one_object(cases: list[Incident], settings: Any) -> None:
    settings.OLLAMA_CHAT_MODEL = ""
    out = StringIO()
    call_command("exam", "--json", "--limit", "2", stdout=out)
    (found,) = json.loads(out.getvalue())["examenes"]
    assert (found["modelo"], found["casos"], found["recall@5"], found["rechazos"]) == ("extractiva", 2, 1.0, 0.0)


def test_without_cases_the_command_says_so() -> None:
    with pytest.raises(CommandError):
        call_command("exam")


def test_totals_count_refusals_apart_and_losses_are_ordered() -> None:
    results = [CaseResult("1", True, 1.0, False), CaseResult("2", False, 0.5, False), CaseResult("3", True, 0.0, True)]
    found = totals(results)
    assert (round(found.recall_at_5, 2), found.groundedness, round(found.refusal_rate, 2)) == (0.67, 0.75, 0.33)
    before = {one.number: one.as_json() for one in results}
    after = {
        "1": CaseResult("1", True, 0.4, False).as_json(),
        "2": CaseResult("2", True, 0.5, False).as_json(),
        "3": CaseResult("3", False, 0.0, True).as_json(),
    }
    assert worse_cases(before, after) == ["3", "1"]


def test_only_cases_of_both_exams_are_compared() -> None:
    good, bad = CaseResult("1", True, 1.0, False).as_json(), CaseResult("2", False, 0.2, False).as_json()
    assert compared({"1": good}, {"1": good, "2": bad}) == (1.0, 1.0)
    assert compared({"1": good, "2": bad}, {"1": good}) == (1.0, 1.0)
    assert compared({"1": bad}, {"1": good}) == (0.4, 1.0)
    assert compared({"2": bad}, {"1": good}) == (0.4, 1.0)


def test_a_case_that_one_exam_searched_by_words_alone_is_not_compared() -> None:
    """A busy machine at the hour of one of the two exams must not decide."""
    by_words = CaseResult("1", False, 0.0, True, mode="texto").as_json()
    whole = CaseResult("1", True, 1.0, False, mode="hibrido").as_json()
    assert compared({"1": by_words, "2": whole}, {"1": whole, "2": whole}) == (1.0, 1.0)
    assert compared({"1": by_words}, {"1": whole}) is None
    assert worse_cases({"1": whole, "2": whole}, {"1": by_words, "2": whole}) == []


def test_exams_searched_otherwise_promote_nothing(cases: list[Incident], models: OllamaProcess, eva: User) -> None:
    candidate = examined(SAME)
    assert {one["busqueda"] for one in candidate.exam.results.values()} == {"texto"}
    whole = {number: {**one, "busqueda": "hibrido"} for number, one in candidate.exam.results.items()}
    ExamRun.objects.filter(pk=candidate.exam_id).update(results=whole)
    with pytest.raises(Conflict):
        candidate_promote(actor=actor(eva), candidate_id=candidate.pk)
    assert chat_model_now() == GOOD


def test_the_console_shows_each_case_and_both_scores(cases: list[Incident], models: OllamaProcess, eva: User) -> None:
    candidate, console = examined(BAD), browser(eva)
    page = console.get(f"/admin/incidents/examrun/{candidate.exam_id}/change/").content.decode()
    assert (
        f"<tr><td>{cases[0].number}</td><td>Sí</td><td>0,000</td><td>Sí</td>"
        "<td>Propuso el artículo de la resolución real</td><td>Solo por palabras</td><td></td></tr>" in page
    )
    listed = console.get("/admin/incidents/chatmodelcandidate/").content.decode()
    assert "0,667 · 1,000" in listed
    assert "0,667" in console.get("/admin/incidents/examrun/").content.decode()


def test_a_prompt_is_examined_with_the_model_in_use_and_then_used(
    cases: list[Incident], models: OllamaProcess, eva: User
) -> None:
    candidate = candidate_examine(ChatModelCandidate.objects.create(kind="prompt", name="breve-1").pk)
    assert (candidate.exam.chat_model, candidate.exam.prompt_version) == (GOOD, "breve-1")
    assert candidate_promote(actor=actor(eva), candidate_id=candidate.pk).state == "promovido"
    assert (prompt_for(GOOD), chat_model_now()) == ("breve-1", GOOD)
    exam_nightly()
    assert ExamRun.objects.filter(chat_model=GOOD).first().prompt_version == "breve-1"


def test_a_small_model_is_examined_with_the_prompt_it_would_be_asked_with(
    cases: list[Incident], models: OllamaProcess, eva: User
) -> None:
    models.set(parameters="1.5B")
    candidate = examined(BAD)
    assert candidate.exam.prompt_version == SMALL_PROMPT
    assert candidate_promote(actor=actor(eva), candidate_id=candidate.pk).state == "rechazado"  # and not «examine it»
    assert ExamRun.objects.filter(chat_model=GOOD).first().prompt_version == PROMPT_VERSION


def test_a_prompt_that_scores_lower_is_refused(
    cases: list[Incident], models: OllamaProcess, eva: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(PROMPTS, "muda-1", PROMPTS["breve-1"])
    candidate = candidate_examine(ChatModelCandidate.objects.create(kind="prompt", name="muda-1").pk)
    worse = {number: {**one, "fundamento": 0.1} for number, one in candidate.exam.results.items()}
    ExamRun.objects.filter(pk=candidate.exam_id).update(results=worse)
    assert candidate_promote(actor=actor(eva), candidate_id=candidate.pk).state == "rechazado"
    assert prompt_for(GOOD) == PROMPT_VERSION
    unknown = candidate_examine(ChatModelCandidate.objects.create(kind="prompt", name="no-existe").pk)
    with pytest.raises(Conflict):
        candidate_promote(actor=actor(eva), candidate_id=unknown.pk)


@pytest.fixture
def indexes(monkeypatch: pytest.MonkeyPatch) -> tuple[IndexGeneration, IndexGeneration]:
    """The index in use, which finds everything, and that of another embedder."""
    make = IndexGeneration.objects.create
    active = make(fingerprint="uno", model="e5", dimensions=2, collection="uno", is_active=True)
    other = make(fingerprint="ollama:dos:2", model="dos", dimensions=2, collection="dos")
    monkeypatch.setattr(examining, "embedder_available", lambda generation: True)
    monkeypatch.setattr(indexing, "collection_delete", lambda name: None)
    return active, other


def blind(monkeypatch: pytest.MonkeyPatch, generation: IndexGeneration) -> None:
    """This index finds nothing."""

    def search(**asked: Any) -> SearchResult:
        return SearchResult([], "texto", 0.0) if asked["generation"].pk == generation.pk else knowledge_search(**asked)

    monkeypatch.setattr(examining, "knowledge_search", search)


def test_an_embedder_that_finds_less_is_refused_for_good(
    cases: list[Incident], indexes: tuple[IndexGeneration, IndexGeneration], monkeypatch: pytest.MonkeyPatch
) -> None:
    _active, other = indexes
    blind(monkeypatch, other)
    embedder_examine(other.pk)
    other.refresh_from_db()
    assert (other.is_active, other.refused_at is not None) == (False, True)
    assert {(exam.embedder, exam.recall_at_5) for exam in ExamRun.objects.all()} == {("uno", 1.0), ("ollama:dos:2", 0)}
    entry = AuditEntry.objects.get(accion="embedder.refused")
    assert (entry.resultado, entry.detalles["en_uso"]) == ("denegado", "e5")
    embedder_examine(other.pk)
    assert ExamRun.objects.count() == 2


def test_an_embedder_that_finds_more_is_used(
    cases: list[Incident], indexes: tuple[IndexGeneration, IndexGeneration], monkeypatch: pytest.MonkeyPatch
) -> None:
    active, other = indexes
    blind(monkeypatch, active)
    embedder_examine(other.pk)
    assert IndexGeneration.objects.get().fingerprint == "ollama:dos:2"
    assert IndexGeneration.objects.get().is_active


def test_another_embedder_in_the_environment_gets_an_index_beside_and_an_exam(
    cases: list[Incident],
    indexes: tuple[IndexGeneration, IndexGeneration],
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    active, other = indexes
    settings.OLLAMA_EMBED_MODEL = "dos"
    spaces = {"": Space("e5", 2, "uno"), "dos": Space("dos", 2, "ollama:dos:2")}
    asked: set[str] = set()

    def vectors(texts: list[str], *, embedder: str, **rest: Any) -> list[list[float]]:
        asked.add(embedder)
        return [[1.0, 0.0] for _text in texts]

    monkeypatch.setattr(indexing, "space_of", spaces.__getitem__)
    monkeypatch.setattr(indexing, "vectors_of", vectors)
    monkeypatch.setattr(indexing, "_collection_sync", lambda generation: (0, 0))
    indexing.index_repair()
    indexing.index_repair()
    assert asked == {"", "dos"}
    assert active.vectors.count() == other.vectors.count() > 0
    assert IndexGeneration.objects.get(is_active=True) == active
    assert Job.objects.filter(kind="exam.embedder").count() == 1
    indexing.generation_refuse(other)
    assert not other.vectors.exists()
    Job.objects.all().delete()
    indexing.index_repair()
    assert not Job.objects.filter(kind="exam.embedder").exists()
