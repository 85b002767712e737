"""200 questions by somebody of one area over the canaries of another: nothing of them comes out, on any surface."""

import pytest

from incidents.suggestions.services import suggestion_draft
from knowledge.models import Article
from knowledge.services.indexing import passages_rebuild
from knowledge.services.search import knowledge_search
from prsystem.accounts.models import Area, User
from tests.incidents.makers import make_article, make_incident
from tests.people import api

TOPICS = ("bomba", "prensa", "horno", "robot", "banda", "molde", "secador", "torno", "caldera", "grúa")
FAULTS = ("no arranca", "marca alarma", "pierde aceite", "vibra", "se detiene")
QUESTIONS = [
    f"{topic} {fault} {word}"
    for topic in TOPICS
    for fault in FAULTS
    for word in ("¿qué hago?", "CANARIO", f"CANARIO-{topic}", "clave secreta del área MANT")
]


@pytest.fixture
def canaries(mant: Area, prod: Area) -> None:
    """Each topic is known in MANT, to its own area alone, and some also in PROD."""
    for topic in TOPICS:
        make_article(mant, f"{topic} secreta de mantenimiento", solution=f"CANARIO-{topic}: usar la clave secreta.")
    Article.objects.update(visibility=Article.Visibility.AREA)
    for topic in TOPICS[:5]:
        make_article(prod, f"{topic} de producción", solution=f"Revisar la {topic} y reiniciar.")
    for article in Article.objects.all():
        passages_rebuild(article.pk)


def test_there_are_200_questions() -> None:
    assert len(set(QUESTIONS)) == 200


@pytest.mark.usefixtures("canaries")
def test_no_question_finds_another_area_s_knowledge(ana: User, ivan: User) -> None:
    found = [hit for text in QUESTIONS for hit in knowledge_search(rights=ana.rights, text=text, limit=10).hits]
    assert found, "the area's own knowledge is found"
    assert not [hit for hit in found if hit.area != "PROD" or "CANARIO" in hit.fragment]
    assert knowledge_search(rights=ivan.rights, text=QUESTIONS[0], limit=10).hits[0].area == "MANT"


@pytest.mark.usefixtures("canaries")
def test_no_answer_and_no_similar_case_tells_them(ana: User, ivan: User) -> None:
    secret = make_incident(ivan, "bomba no arranca CANARIO-bomba", area="MANT")
    for text in QUESTIONS[::20]:
        incident = make_incident(ana, text.replace("CANARIO-", "").replace("CANARIO", ""))
        suggestion_draft(incident.suggestions.get().pk)
        for part in ("sugerencia", "similares", "historial"):
            answer = api(ana).get(f"/api/incidencias/{incident.pk}/{part}").content.decode()
            assert "CANARIO" not in answer
            assert secret.number not in answer
    for text in QUESTIONS[::10]:
        answer = api(ana).post("/api/conocimiento/buscar", {"query": text}).json()
        assert "CANARIO-" not in str(answer["resultados"])
