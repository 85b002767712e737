"""Versions by the API's contract: begun, edited over what was seen, corrected, sent back, discarded, listed."""

from typing import Any

import pytest

from knowledge.models import Article, Version
from prsystem.accounts.models import Area, User
from tests.incidents.makers import make_article
from tests.people import api, browser

pytestmark = pytest.mark.django_db
SLUG = "prensa-sin-presion"
ONE = f"/api/conocimiento/{SLUG}"
DRAFT = f"{ONE}/versiones/1.1"
LURE = "Parar la prensa. Después llamar al 8112345678 y dictar la clave del tablero."


@pytest.fixture
def published(prod: Area) -> Version:
    return make_article(prod)


def begin(user: User, **body: Any) -> Any:
    return api(user).post(f"{ONE}/versiones", body)


def test_the_next_draft_takes_the_published_text(published: Version, luis: User) -> None:
    answer = begin(luis, causa="Junta gastada")
    assert answer.status_code == 201
    assert answer.headers["Location"].endswith(DRAFT)
    made = answer.json()
    assert (made["version"], made["estado"], made["causa"], made["solucion"]) == (
        "1.1",
        "borrador",
        "Junta gastada",
        published.solution,
    )
    assert (made["revision"], made["sobre"], made["autor"]) == (0, "1.0", "luis")
    assert api(luis).get(ONE).json()["version"] == "1.0"


def test_beginning_needs_a_token_the_role_and_the_area(published: Version, ana: User, ivan: User) -> None:
    assert api().post(f"{ONE}/versiones", {}).status_code == 401
    Article.objects.update(visibility="todos")
    assert begin(ana).status_code == 403
    assert begin(ivan).status_code == 403
    Article.objects.update(visibility="area")
    assert begin(ivan).status_code == 404


def test_the_same_key_begins_one_draft(published: Version, luis: User) -> None:
    client = api(luis)
    first, again = (
        client.post(f"{ONE}/versiones", {"causa": "Aire"}, headers={"Idempotency-Key": "clave-1"}) for _ in (1, 2)
    )
    assert (first.json(), Version.objects.count()) == (again.json(), 2)
    other = client.post(f"{ONE}/versiones", {"causa": "Otra"}, headers={"Idempotency-Key": "clave-1"})
    assert other.status_code == 422


def test_editing_counts_and_a_late_one_gets_both_texts(published: Version, luis: User, marta: User) -> None:
    begin(luis)
    edited = api(luis).patch(DRAFT, {"version": 0, "causa": "La de Luis"})
    assert (edited.json()["revision"], edited.json()["editado_por"]) == (1, "luis")
    late = api(marta).patch(DRAFT, {"version": 0, "causa": "La de Marta"})
    assert (late.status_code, late.json()["codigo"]) == (409, "version_obsoleta")
    assert late.json()["diferencias"] == {"causa": {"suyo": "La de Marta", "actual": "La de Luis"}}
    assert late.headers["Content-Type"].startswith("application/problem+json")
    assert api(marta).patch(DRAFT, {"version": 1, "causa": "La de Marta"}).json()["revision"] == 2
    assert api(marta).patch(DRAFT, {"version": 1, "causa": "La de Marta"}).json()["revision"] == 2


def test_a_published_version_is_not_edited(published: Version, marta: User) -> None:
    answer = api(marta).patch(f"{ONE}/versiones/1.0", {"version": 0, "causa": "Otra"})
    assert (answer.status_code, answer.json()["diferencias"]["causa"]["suyo"]) == (409, "Otra")
    assert Version.objects.get().cause == ""


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"version": "0", "causa": "x"},
        {"version": 0, "titulo": ""},
        {"version": 0, "titulo": 3},
        {"version": 0, "solucion": "x" * 20_001},
        {"version": 0, "solucion": "a\x00b"},
        {"version": 0, "idioma": "klingon"},
        {"version": -1, "causa": "x"},
    ],
)
def test_bad_bodies_name_their_field(published: Version, luis: User, body: dict[str, Any]) -> None:
    begin(luis)
    answer = api(luis).patch(DRAFT, body)
    assert answer.status_code == 400
    assert answer.json()["errores"]


def test_a_draft_may_lack_what_a_published_text_needs(published: Version, luis: User, marta: User) -> None:
    begin(luis, solucion="")
    assert api(luis).post(f"{ONE}/revision", {"version": "1.1"}).json()["errores"].keys() == {"solucion"}
    assert api(marta).post(f"{ONE}/publicar", {"version": "1.1"}).status_code == 400


def test_what_was_published_since_has_to_be_taken_in(published: Version, luis: User, marta: User) -> None:
    begin(luis, causa="Aire")
    corrected = api(marta).post(f"{ONE}/corregir", {"version": "1.0", "titulo": "Prensa sin fuerza"})
    assert (corrected.json()["version"], corrected.json()["estado"]) == ("1.2", "publicada")
    refused = api(marta).post(f"{ONE}/publicar", {"version": "1.1"})
    assert (refused.status_code, refused.json()["codigo"]) == (409, "borrador_atrasado")
    taken = {"version": 0, "titulo": "Prensa sin fuerza", "sobre": "1.2"}
    assert api(luis).patch(DRAFT, taken).json()["sobre"] == "1.2"
    assert api(marta).post(f"{ONE}/publicar", {"version": "1.1"}).json()["estado"] == "publicada"


def test_taking_in_and_saving_are_one_step_over_what_was_seen(published: Version, luis: User, marta: User) -> None:
    begin(luis, causa="Aire")
    api(luis).patch(DRAFT, {"version": 0, "causa": "Aire y agua"})
    api(marta).post(f"{ONE}/corregir", {"version": "1.0", "titulo": "Prensa sin fuerza"})
    for body in ({"version": 0, "sobre": "1.2"}, {"version": 1, "causa": "Otra", "sobre": "1.0"}):
        late = api(luis).patch(DRAFT, body)
        assert (late.status_code, late.json()["codigo"]) == (409, "version_obsoleta")
    kept = api(luis).get(DRAFT).json()
    assert (kept["revision"], kept["sobre"], kept["causa"]) == (1, "1.0", "Aire y agua")
    taken = {"version": 1, "titulo": "Prensa sin fuerza", "sobre": "1.2"}
    for _again in (1, 2):
        assert api(luis).patch(DRAFT, taken).json()["revision"] == 2
    assert api(luis).get(DRAFT).json()["sobre"] == "1.2"


def test_what_is_published_or_released_is_the_text_that_was_seen(published: Version, luis: User, marta: User) -> None:
    begin(luis, solucion=LURE)
    page = browser(marta).get(f"/conocimiento/{SLUG}/versiones/1.1").content.decode()
    assert '<input type="hidden" name="revision" value="0">' in page
    api(luis).patch(DRAFT, {"version": 0, "causa": "Sin ver"})
    release = {"version": "1.1", "motivo": "Es un ejemplo", "revision": 0}
    late = api(marta).post(f"{ONE}/liberar", release)
    assert (late.status_code, late.json()["codigo"]) == (409, "version_obsoleta")
    form = {"motivo": "Es un ejemplo", "revision": "0"}
    assert browser(marta).post(f"/conocimiento/{SLUG}/versiones/1.1/liberar", form).status_code == 409
    assert api(marta).post(f"{ONE}/liberar", {**release, "revision": 1}).status_code == 200
    page = browser(marta).get(f"/conocimiento/{SLUG}/versiones/1.1").content.decode()
    assert '<input type="hidden" name="revision" value="1">' in page
    late = api(marta).post(f"{ONE}/publicar", {"version": "1.1", "revision": 0})
    assert (late.status_code, late.json()["codigo"]) == (409, "version_obsoleta")
    for seen, status in (("0", 409), ("x", 400), ("1", 302)):
        answer = browser(marta).post(f"/conocimiento/{SLUG}/versiones/1.1/publicar", {"revision": seen})
        assert answer.status_code == status
    assert Article.objects.get().published.number == "1.1"


def test_a_correction_needs_the_right_and_the_newest_text(published: Version, luis: User, marta: User) -> None:
    body = {"version": "1.0", "causa": "Una"}
    assert api(luis).post(f"{ONE}/corregir", body).status_code == 403
    assert api(marta).post(f"{ONE}/corregir", body).status_code == 200
    assert api(marta).post(f"{ONE}/corregir", body).json()["version"] == "1.1"
    late = api(marta).post(f"{ONE}/corregir", {"version": "1.0", "causa": "Dos"})
    assert late.json()["diferencias"] == {"causa": {"suyo": "Dos", "actual": "Una"}}


def test_sent_back_discarded_and_listed(published: Version, luis: User, marta: User, ana: User) -> None:
    begin(luis)
    assert [row["articulo"] for row in api(luis).get("/api/conocimiento/borradores").json()["resultados"]] == [SLUG]
    assert api(marta).get("/api/conocimiento/por-revisar").json()["resultados"] == []
    api(luis).post(f"{ONE}/revision", {"version": "1.1"})
    waiting = api(marta).get("/api/conocimiento/por-revisar").json()["resultados"]
    assert [(row["articulo"], row["version"], row["area"]) for row in waiting] == [(SLUG, "1.1", "PROD")]
    for user in (luis, ana):
        assert api(user).get("/api/conocimiento/por-revisar").json()["resultados"] == []
    assert api(luis).post(f"{ONE}/devolver", {"version": "1.1", "motivo": "x"}).status_code == 403
    back = api(marta).post(f"{ONE}/devolver", {"version": "1.1", "motivo": "Falta el par"})
    assert back.json()["estado"] == "borrador"
    assert api(luis).get(DRAFT).json()["motivo"] == "Falta el par"
    assert api(luis).post(f"{ONE}/descartar", {"version": "1.1"}).json()["estado"] == "descartada"
    assert api(marta).post(f"{ONE}/publicar", {"version": "1.1"}).status_code == 409


def test_area_readers_and_review_day_of_an_article(
    published: Version, mant: Area, luis: User, marta: User, eva: User
) -> None:
    assert api(luis).patch(ONE, {"revisar_el": "2099-01-31"}).status_code == 403
    assert api(marta).patch(ONE, {"revisar_el": "2099-01-31"}).json()["revisar_el"] == "2099-01-31"
    assert api(marta).patch(ONE, {"revisar_el": "2001-01-31"}).status_code == 400
    assert api(marta).patch(ONE, {"area": "MANT"}).status_code == 403
    assert api(eva).patch(ONE, {"area": "MANT", "visibilidad": "todos"}).json()["area"] == "MANT"
    assert api(eva).patch(ONE, {"area": "NADA"}).status_code == 400
