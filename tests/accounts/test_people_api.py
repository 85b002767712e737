"""People and the own account through the API: as in the console and on «My account»."""

from typing import Any

import pytest

from audit.models import AuditEntry
from prsystem.accounts.mfa.models import Authenticator
from prsystem.accounts.models import Area, User
from tests.people import PASSWORD, api, browser, make_user

pytestmark = pytest.mark.django_db
NEW = {"usuario": "Nora", "nombre": "Nora Paz", "correo": "nora@planta.example", "roles": ["l1@PROD"]}


def test_somebody_is_made_changed_kept_out_and_erased(eva: User, prod: Area, mant: Area) -> None:
    client = api(eva)
    made = client.post("/api/personas", {**NEW, "contrasena": PASSWORD})
    assert made.status_code == 201, made.content
    assert (made.json()["usuario"], made.json()["roles"], made.json()["activa"]) == ("nora", ["l1@PROD"], True)
    assert "contrasena" not in made.json()
    assert client.post("/api/personas", NEW).status_code == 409
    changed = client.patch("/api/personas/nora", {"roles": ["l2@*", "editor@MANT"]}).json()
    assert (changed["roles"], changed["nombre"]) == (["editor@MANT", "l2@*"], "Nora Paz")
    assert [row["usuario"] for row in client.get("/api/personas?q=nora").json()["resultados"]] == ["nora"]

    assert client.post("/api/personas/nora/borrar").status_code == 409, "an account that is active"
    assert client.post("/api/personas/nora/desactivar").json() == {"hecho": True}
    assert client.post("/api/personas/nora/desactivar").json() == {"hecho": False}
    number = User.objects.get(username="nora").pk
    assert client.post("/api/personas/nora/borrar").status_code == 200
    assert client.get("/api/personas/nora").status_code == 404
    assert client.get(f"/api/personas/borrado-{number}").json()["nombre"] == ""


def test_the_last_administrator_stays(eva: User) -> None:
    client = api(eva)
    assert client.post("/api/personas/eva/desactivar").status_code == 409
    assert client.patch("/api/personas/eva", {"roles": []}).status_code == 400
    assert User.objects.get(pk=eva.pk).rights.is_admin


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"roles": ["jefe@PROD"]}, "roles"),
        ({"roles": ["l1@NADA"]}, "roles"),
        ({"correo": "no-es-correo"}, "correo"),
        ({"contrasena": "corta"}, "contrasena"),
        ({"nombre": "a\x00b"}, "nombre"),
        ({"roles": [7]}, "roles"),
    ],
)
def test_a_bad_person_names_its_field(eva: User, prod: Area, body: dict[str, Any], field: str) -> None:
    answer = api(eva).post("/api/personas", NEW | body)
    assert answer.status_code == 400
    assert any(name.startswith(field) for name in answer.json()["errores"])
    assert not User.objects.filter(username="nora").exists()


def test_a_password_and_lost_factors_are_set_anew(eva: User, luis: User) -> None:
    Authenticator.objects.create(user=luis, kind="totp", name="teléfono")
    client = api(eva)
    assert client.post("/api/personas/luis/quitar-segundo-factor").json() == {"hecho": True}
    assert client.post("/api/personas/luis/quitar-segundo-factor").json() == {"hecho": False}
    assert client.post("/api/personas/luis/contrasena", {"contrasena": PASSWORD}).status_code == 204
    assert User.objects.get(pk=luis.pk).check_password(PASSWORD)
    assert client.post("/api/personas/luis/desbloquear").json() == {"hecho": False}
    told = set(AuditEntry.objects.filter(recurso=f"usuario:{luis.pk}").values_list("accion", flat=True))
    assert {"second_factor.reset", "user.password_changed"} <= told
    assert PASSWORD not in str(list(AuditEntry.objects.values_list("detalles", flat=True)))


def test_grave_things_want_a_recent_sign_in(eva: User, luis: User) -> None:
    from prsystem.accounts.sessions.tokens import access_token_for

    client = api()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {access_token_for(eva)}")
    assert client.get("/api/personas/luis").status_code == 200
    for path in ("/api/personas/luis/desactivar", "/api/yo/contrasena", "/api/directorio/comparar"):
        answer = client.post(path, {"contrasena": PASSWORD})
        assert (answer.status_code, answer.json()["codigo"]) == (403, "step_up_requerido")


def test_own_sessions_are_listed_and_ended(luis: User, ana: User) -> None:
    page, client = browser(luis), api(luis)
    page.get("/cuenta/")
    found = client.get("/api/yo/sesiones").json()["resultados"]
    assert [row["tipo"] for row in found] == ["navegador"]
    one = f"/api/yo/sesiones/{found[0]['id']}/terminar"
    assert api(ana).post(one).status_code == 404, "somebody else's"
    assert client.post(one).json() == {"terminada": True}
    assert client.post(one).status_code == 404
    assert page.get("/cuenta/").status_code == 302
    assert client.post("/api/yo/sesiones/terminar").json() == {"terminada": True}
    assert client.get("/api/yo").status_code == 401, "this one too"


def test_own_password_and_preferences() -> None:
    user = make_user("rosa", password=PASSWORD)
    client = api(user)
    assert client.post("/api/yo/preferencias", {"tema": "dark"}).json() == {"idioma": "es", "tema": "dark"}
    assert client.post("/api/yo/preferencias", {"tema": "rosa"}).json()["errores"].keys() == {"tema"}
    weak, new = {"actual": PASSWORD, "contrasena": "rosa"}, {"actual": PASSWORD, "contrasena": PASSWORD + "x"}
    assert client.post("/api/yo/contrasena", weak).json()["errores"].keys() == {"contrasena"}
    assert client.post("/api/yo/contrasena", new).status_code == 204
    assert User.objects.get(pk=user.pk).check_password(PASSWORD + "x")


def test_a_new_password_wants_the_present_one() -> None:
    """A token or a session of somebody else's, and its sign-in of a moment ago, don't take the account over."""
    user, new = make_user("rosa", password=PASSWORD), PASSWORD + "x"
    client, page = api(user), browser(user)
    for given in ({}, {"actual": ""}, {"actual": "otra"}, {"actual": new}):
        answer = client.post("/api/yo/contrasena", {**given, "contrasena": new})
        assert (answer.status_code, answer.json()["errores"].keys()) == (400, {"actual"})
    forms = {"new_password1": new, "new_password2": new}
    tries = [page.post("/cuenta/", {**forms, "old_password": f"otra-{n}"}) for n in range(4)]
    assert {answer.status_code for answer in tries} == {422}
    assert client.post("/api/yo/contrasena", {"actual": PASSWORD, "contrasena": new}).status_code == 429
    assert page.post("/cuenta/", {**forms, "old_password": PASSWORD}).status_code == 422, "both doors count together"
    assert User.objects.get(pk=user.pk).check_password(PASSWORD)


def test_the_password_of_the_directory_is_not_set_here() -> None:
    user = make_user("rosa", directory_id="0a1b")
    answer = api(user).post("/api/yo/contrasena", {"actual": "suya", "contrasena": PASSWORD})
    assert (answer.status_code, answer.json()["errores"].keys()) == (400, {"actual"})
    assert not User.objects.get(pk=user.pk).has_usable_password()
