from typing import Any

import pytest

from audit.models import AuditEntry
from knowledge.api.serializers import ArticleLineOut, ArticleOut, HitOut, VersionOut
from knowledge.models import Article, Version
from knowledge.services.articles import RESERVED_SLUGS
from knowledge.services.indexing import article_index
from prsystem.accounts.models import Area, User
from prsystem.core.rights import Role
from tests.incidents.makers import make_article
from tests.people import api, make_user
from tests.security.addresses import ALL

pytestmark = pytest.mark.django_db
LIST = "/api/conocimiento"
SLUG = "prensa-sin-presion"
NEW = {"titulo": "Banda floja", "problema": "La banda patina.", "solucion": "Tensarla.", "area": "PROD"}


def slugs(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.json()
    return [row["articulo"] for row in answer.json()["resultados"]]


@pytest.mark.parametrize("path", ["", f"/{SLUG}", f"/{SLUG}/versiones", "/buscar?query=x"])
def test_knowledge_needs_a_token(db: None, path: str) -> None:
    assert api().get(LIST + path).status_code == 401


@pytest.mark.parametrize("path", ["", f"/{SLUG}/publicar", f"/{SLUG}/restaurar", "/buscar"])
def test_writing_knowledge_needs_a_token(db: None, path: str) -> None:
    assert api().post(LIST + path, {}).status_code == 401


def test_each_reads_what_he_may(ana: User, luis: User, ivan: User, extraño: User, prod: Area, mant: Area) -> None:
    make_article(prod)
    make_article(mant, "Fuga de aceite")
    make_article(mant, "Para todos")
    make_article(prod, "Borrador", publish=False)
    Article.objects.filter(slug="para-todos").update(visibility="todos")
    assert slugs(api(ana).get(LIST)) == ["para-todos", SLUG]
    assert slugs(api(ivan).get(LIST)) == ["para-todos", "fuga-de-aceite"]
    assert slugs(api(extraño).get(LIST)) == ["para-todos"]
    assert api(ana).get(f"{LIST}/fuga-de-aceite").status_code == 404
    assert api(ana).get(f"{LIST}/borrador").status_code == 404
    assert api(luis).get(f"{LIST}/borrador").json()["estado"] == "borrador"
    assert api(luis).get(f"{LIST}/no-existe").status_code == 404
    assert api(luis).get(f"{LIST}/%00").status_code == 404


def test_an_article_and_its_line(ana: User, prod: Area) -> None:
    make_article(prod, cause="Junta gastada")
    told = api(ana).get(f"{LIST}/{SLUG}/").json()
    assert set(told) == set(ArticleOut().fields)
    assert (told["version"], told["area"], told["causa"]) == ("1.0", "PROD", "Junta gastada")
    assert set(api(ana).get(LIST).json()["resultados"][0]) == set(ArticleLineOut().fields)


def test_filters(eva: User, prod: Area, mant: Area) -> None:
    make_article(prod)
    make_article(mant, "Fuga de aceite", problem="Gotea 100% del tiempo")
    get = api(eva).get
    assert slugs(get(LIST, {"area": "mant"})) == ["fuga-de-aceite"]
    assert slugs(get(LIST, {"q": "PRESIÓN"})) == [SLUG]
    assert slugs(get(LIST, {"q": "100%"})) == ["fuga-de-aceite"]
    assert slugs(get(LIST, {"q": "nada"})) == []
    for name, value in (("area", "NADA"), ("area", "\x00"), ("q", "\x00"), ("q", "x" * 201), ("limite", "x")):
        answer = get(LIST, {name: value})
        assert (answer.status_code, list(answer.json()["errores"])) == (400, [name])


def test_the_list_costs_the_same_for_one_and_for_many(
    luis: User, prod: Area, django_assert_max_num_queries: Any
) -> None:
    client = api(luis)
    for number in range(30):
        make_article(prod, f"Artículo {number}")
    with django_assert_max_num_queries(4):
        assert len(slugs(client.get(LIST))) == 25


def test_pages_lead_through_all(luis: User, prod: Area) -> None:
    for number in range(5):
        make_article(prod, f"Artículo {number}")
    first = api(luis).get(LIST, {"limite": 2})
    second = api(luis).get(first.json()["siguiente"])
    third = api(luis).get(second.json()["siguiente"])
    assert third.json()["siguiente"] is None
    assert len({*slugs(first), *slugs(second), *slugs(third)}) == 5


def test_writing_publishing_and_restoring(luis: User, marta: User, ana: User) -> None:
    made = api(luis).post(LIST, NEW)
    assert made.status_code == 201
    assert made.json() == {"articulo": "banda-floja", "version": "1.0", "estado": "borrador", "retencion": []}
    one = f"{LIST}/banda-floja"
    assert api(ana).post(f"{one}/publicar").status_code == 404
    assert api(luis).post(f"{one}/publicar").status_code == 403
    assert api(marta).post(f"{one}/publicar").json() == {
        "articulo": "banda-floja",
        "version": "1.0",
        "estado": "publicada",
        "retencion": [],
    }
    assert api(marta).post(f"{one}/publicar").status_code == 200
    assert Version.objects.filter(state="publicada").count() == 1
    assert AuditEntry.objects.filter(accion="version.published").count() == 1
    assert api(ana).get(one).json()["solucion"] == "Tensarla."
    assert api(marta).post(f"{one}/restaurar", {"version": "1.0"}).status_code == 409


def test_restoring_makes_a_new_published_version(marta: User, ana: User, prod: Area) -> None:
    first = make_article(prod)
    make_article_version(first, "Cambiar toda la prensa.")
    one = f"{LIST}/{SLUG}"
    assert api(marta).post(f"{one}/restaurar", {"version": "1.0"}).json()["version"] == "1.2"
    assert api(ana).get(one).json()["solucion"] == "Cambiar la junta tórica."
    rows = api(marta).get(f"{one}/versiones").json()["resultados"]
    assert [(row["version"], row["estado"]) for row in rows] == [
        ("1.2", "publicada"),
        ("1.1", "reemplazada"),
        ("1.0", "reemplazada"),
    ]
    assert set(rows[0]) == set(VersionOut().fields)


def make_article_version(version: Version, solution: str, *, publish: bool = True) -> Version:
    from knowledge.services import Lesson, version_learn
    from prsystem.core.context import SYSTEM

    lesson = Lesson(area=version.article.area, lang="es", title=version.title, problem="p", solution=solution)
    return version_learn(actor=SYSTEM, lesson=lesson, article=version.article.slug, publish=publish)


def test_a_draft_is_published_by_its_number(marta: User, prod: Area) -> None:
    first = make_article(prod)
    make_article_version(first, "Uno", publish=False)
    make_article_version(first, "Dos", publish=False)
    one = f"{LIST}/{SLUG}"
    assert api(marta).post(f"{one}/publicar", {"version": "1.1"}).json()["version"] == "1.1"
    assert api(marta).post(f"{one}/publicar").json()["version"] == "1.2"


def test_drafts_are_hidden_from_reporters(ana: User, prod: Area) -> None:
    make_article_version(make_article(prod), "Secreto", publish=False)
    rows = api(ana).get(f"{LIST}/{SLUG}/versiones").json()["resultados"]
    assert [row["version"] for row in rows] == ["1.0"]


@pytest.mark.parametrize("number", ["9.9", "x", "1", "1.0.0", "١.٠", "1." + "9" * 9, "-1.0", ""])
def test_unknown_versions_do_not_exist(marta: User, prod: Area, number: str) -> None:
    make_article(prod)
    assert api(marta).post(f"{LIST}/{SLUG}/restaurar", {"version": number}).status_code == 404
    if number:
        assert api(marta).post(f"{LIST}/{SLUG}/publicar", {"version": number}).status_code == 404


def test_reporters_and_auditors_write_no_articles(ana: User, ivan: User, prod: Area) -> None:
    auditor = make_user("olga", Role.AUDITOR, areas=[prod])
    for user in (ana, ivan, auditor):
        assert api(user).post(LIST, NEW).status_code == 403
    assert not Article.objects.exists()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"titulo": ""}, "titulo"),
        ({"titulo": 1}, "titulo"),
        ({"titulo": "a" * 201}, "titulo"),
        ({"problema": ""}, "problema"),
        ({"solucion": None}, "solucion"),
        ({"solucion": "\x00"}, "solucion"),
        ({"area": "NADA"}, "area"),
        ({"publicar": "true"}, "publicar"),
    ],
)
def test_bad_articles_are_400(luis: User, change: dict[str, Any], field: str) -> None:
    answer = api(luis).post(LIST, {**NEW, **change})
    assert (answer.status_code, list(answer.json()["errores"])) == (400, [field])
    assert not Article.objects.exists()


def test_search_by_get_and_post(ana: User, prod: Area) -> None:
    article_index(make_article(prod).article_id)
    for answer in (
        api(ana).get(f"{LIST}/buscar", {"query": "prensa sin presión"}),
        api(ana).post(f"{LIST}/buscar", {"query": "prensa sin presión", "limite": 5}),
    ):
        assert answer.status_code == 200, answer.json()
        assert slugs(answer) == [SLUG]
        assert answer.json()["modo"] in ("hibrido", "texto")
        assert set(answer.json()["resultados"][0]) == set(HitOut().fields)


def test_search_finds_only_what_may_be_read(ivan: User, extraño: User, prod: Area) -> None:
    article_index(make_article(prod).article_id)
    for user in (ivan, extraño):
        assert slugs(api(user).post(f"{LIST}/buscar", {"query": "prensa sin presión"})) == []


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "query"),
        ({"query": ""}, "query"),
        ({"query": "  "}, "query"),
        ({"query": 5}, "query"),
        ({"query": None}, "query"),
        ({"query": "x" * 2001}, "query"),
        ({"query": "a\x00"}, "query"),
        ({"query": "x", "limite": 0}, "limite"),
        ({"query": "x", "limite": 51}, "limite"),
        ({"query": "x", "limite": True}, "limite"),
        ({"query": "x", "limite": "5"}, "limite"),
    ],
)
def test_bad_searches_are_400(ana: User, body: dict[str, Any], field: str) -> None:
    answer = api(ana).post(f"{LIST}/buscar", body)
    assert (answer.status_code, list(answer.json()["errores"])) == (400, [field])


def test_half_a_character_is_told_in_our_own_words(ana: User) -> None:
    sent = r'{"query": "a\ud800"}'
    answer = api(ana).generic("POST", f"{LIST}/buscar", sent, content_type="application/json")
    assert answer.status_code == 400
    assert "Surrogate" not in answer.json()["errores"]["query"][0]


@pytest.mark.parametrize(
    "query", ["", "query=", "query=x&limite=51", "query=x&limite=a", "query=%00", "query=x&limite="]
)
def test_bad_searches_by_address_are_400(ana: User, query: str) -> None:
    assert api(ana).get(f"{LIST}/buscar?{query}").status_code == 400


@pytest.mark.parametrize("words", ["' OR 1=1 --", "a & | !", "<->", ":*", "\\", "%_%", "((((", "🙂", "ñ" * 2000])
def test_odd_words_are_only_words(ana: User, prod: Area, words: str) -> None:
    make_article(prod)
    assert api(ana).post(f"{LIST}/buscar", {"query": words}).status_code == 200
    assert api(ana).get("/api/incidencias", {"q": words[:200]}).status_code == 200


@pytest.mark.parametrize("words", ["?!.,;:", "🔥", "\u200b", "& | ! <->"])
def test_what_means_nothing_finds_nothing(ana: User, monkeypatch: pytest.MonkeyPatch, words: str) -> None:
    """By meaning it would be near to something: it isn't looked for."""
    monkeypatch.delattr("knowledge.services.search.candidates_found")
    assert api(ana).post(f"{LIST}/buscar", {"query": words}).json()["resultados"] == []


def test_no_article_takes_the_address_of_something_else(luis: User) -> None:
    words = {
        word
        for route, _pattern in ALL
        for base, _, rest in [route.partition("conocimiento/")]
        if base in ("", "api/") and (word := rest.partition("/")[0]) and "<" not in word
    }
    assert words == RESERVED_SLUGS
    made = [api(luis).post(LIST, {**NEW, "titulo": word}).json()["articulo"] for word in sorted(words)]
    assert [api(luis).get(f"{LIST}/{slug}").json()["articulo"] for slug in made] == made


def test_publishing_again_does_not_bring_an_older_draft_back(luis: User, marta: User) -> None:
    from knowledge.models import Version

    body = {"titulo": "Horno frío", "problema": "No calienta.", "solucion": "Cambiar la resistencia.", "area": "PROD"}
    slug = api(luis).post("/api/conocimiento", body).json()["articulo"]
    first = Version.objects.get(article__slug=slug)
    Version.objects.create(article=first.article, minor=1, title="Horno", problem="p", solution="s", author=luis)
    published = [api(marta).post(f"/api/conocimiento/{slug}/publicar", {}).json()["version"] for _again in range(2)]
    assert published == ["1.1", "1.1"]
    first.refresh_from_db()
    assert first.state == "borrador"
