import base64
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from incidents.api.serializers import SimilarOut, TimelineOut
from incidents.case.serializers import AttachmentOut, CommentOut
from incidents.models import Attachment, Incident, Suggestion
from incidents.suggestions.serializers import SuggestionOut
from knowledge.models import Article
from prsystem.accounts.models import Area, User
from prsystem.core.api.files import FILE_POLICY
from tests.incidents.makers import claimed, make_article, make_incident, make_suggestion
from tests.people import api

pytestmark = pytest.mark.django_db
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def one(incident: Incident, part: str) -> str:
    return f"/api/incidencias/{incident.pk}/{part}"


def upload(user: User, incident: Incident, name: str = "foto.png", content: bytes = PNG, **extra: Any) -> Any:
    data = {"archivo": SimpleUploadedFile(name, content), **extra}
    return api(user).post(one(incident, "adjuntos"), data, format="multipart")


def test_comments_are_said_and_read(ana: User, luis: User) -> None:
    incident = make_incident(ana)
    said = api(luis).post(one(incident, "comentarios"), {"cuerpo": "¿Desde cuándo?"})
    assert said.status_code == 201
    assert set(said.json()) == set(CommentOut().fields)
    assert said.json()["autor"] == "Luis Peña"
    api(luis).post(one(incident, "comentarios"), {"cuerpo": "Parece el relé", "interno": True})
    told = [row["cuerpo"] for row in api(luis).get(one(incident, "comentarios")).json()["resultados"]]
    assert told == ["¿Desde cuándo?", "Parece el relé"]
    public = api(ana).get(one(incident, "comentarios")).json()["resultados"]
    assert [row["cuerpo"] for row in public] == ["¿Desde cuándo?"]


def test_internal_comments_are_for_support(ana: User) -> None:
    body = {"cuerpo": "x", "interno": True}
    assert api(ana).post(one(make_incident(ana), "comentarios"), body).status_code == 403


@pytest.mark.parametrize(
    "body",
    [{}, {"cuerpo": ""}, {"cuerpo": 1}, {"cuerpo": "x" * 10_001}, {"cuerpo": "x", "interno": 1}, {"cuerpo": "\x00"}],
)
def test_bad_comments(ana: User, body: dict[str, Any]) -> None:
    assert api(ana).post(one(make_incident(ana), "comentarios"), body).status_code == 400


def test_files_are_kept_listed_and_given_back_harmless(ana: User, luis: User) -> None:
    incident = make_incident(ana)
    kept = upload(ana, incident, "foto ñ.png")
    assert kept.status_code == 201, kept.json()
    assert set(kept.json()) == set(AttachmentOut().fields)
    assert (kept.json()["tipo"], kept.json()["bytes"], kept.json()["subido_por"]) == ("image/png", len(PNG), "ana")
    listed = api(luis).get(one(incident, "adjuntos")).json()["resultados"]
    assert listed == [kept.json()]
    given = api(luis).get(listed[0]["url"], HTTP_ACCEPT="image/png")
    assert b"".join(given.streaming_content) == PNG
    assert given.headers["Content-Disposition"].startswith("attachment;")
    assert given.headers["X-Content-Type-Options"] == "nosniff"
    assert given.headers["Content-Security-Policy"] == FILE_POLICY


def test_files_of_others_do_not_exist(ana: User, luis: User, ivan: User) -> None:
    incident = make_incident(ana)
    other = make_incident(ana, "Otra")
    number = upload(ana, incident).json()["id"]
    assert api(ivan).get(one(incident, f"adjuntos/{number}")).status_code == 404
    assert api(luis).get(one(other, f"adjuntos/{number}")).status_code == 404
    assert api(luis).get(one(incident, "adjuntos/999999999999999999999")).status_code == 404
    assert api().get(one(incident, f"adjuntos/{number}")).status_code == 401


def test_internal_files_are_hidden_from_the_reporter(ana: User, luis: User) -> None:
    incident = make_incident(ana)
    number = upload(luis, incident, interno="true").json()["id"]
    assert api(ana).get(one(incident, "adjuntos")).json()["resultados"] == []
    assert api(ana).get(one(incident, f"adjuntos/{number}")).status_code == 404
    assert upload(ana, incident, interno="true").status_code == 403
    assert not [
        row for row in api(ana).get(one(incident, "historial")).json()["resultados"] if "archivo" in row["detalles"]
    ]


@pytest.mark.parametrize(
    ("name", "content", "status"),
    [
        ("a.html", b"<html><script>1</script>", 415),
        ("a.png", b"<svg onload=x>", 415),
        ("a.exe", b"MZ\x90\x00", 415),
        ("a.png", b"%PDF-1.7", 415),
        ("a.png", b"", 400),
    ],
)
def test_bad_files(ana: User, name: str, content: bytes, status: int) -> None:
    answer = upload(ana, make_incident(ana), name, content)
    assert answer.status_code == status, answer.json()
    assert not Attachment.objects.exists()


def test_too_large_files_and_other_bodies(ana: User, settings: Any) -> None:
    incident = make_incident(ana)
    settings.MAX_ATTACHMENT_BYTES = 1000
    assert upload(ana, incident, content=PNG + b"\x00" * 1000).status_code == 413
    assert upload(ana, incident, content=PNG + b"\x00" * 100_000).status_code == 413
    assert api(ana).post(one(incident, "adjuntos"), {"archivo": "texto"}).status_code == 415
    assert api(ana).post(one(incident, "adjuntos"), {"otro": "texto"}, format="multipart").status_code == 400
    answer = api(ana).generic(
        "POST", one(incident, "adjuntos"), b"--x\r\nroto", content_type="multipart/form-data; boundary=y"
    )
    assert answer.status_code == 400


def test_a_repeated_upload_keeps_one_file(ana: User) -> None:
    incident = make_incident(ana)
    answers = [upload_with_key(ana, incident) for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert Attachment.objects.count() == 1


def upload_with_key(user: User, incident: Incident) -> Any:
    data = {"archivo": SimpleUploadedFile("foto.png", PNG)}
    return api(user).post(one(incident, "adjuntos"), data, format="multipart", HTTP_IDEMPOTENCY_KEY="f1")


def test_the_timeline_tells_reporters_less(ana: User, luis: User) -> None:
    incident = make_incident(ana)
    claimed(incident, luis)
    api(luis).post(one(incident, "comentarios"), {"cuerpo": "Voy"})
    api(luis).post(one(incident, "comentarios"), {"cuerpo": "No le creo", "interno": True})
    api(luis).post(one(incident, "resolver"), {"solucion": "Cambiar el relé."})
    full = api(luis).get(one(incident, "historial")).json()["resultados"]
    assert set(full[0]) == set(TimelineOut().fields)
    assert [row["accion"] for row in full] == [
        "incident.reported",
        "incident.claimed",
        "incident.commented",
        "incident.commented",
        "incident.resolved",
    ]
    assert full[-1]["detalles"]["articulo"] == "la-prensa-no-arranca"
    public = api(ana).get(one(incident, "historial")).json()["resultados"]
    assert [row["cuerpo"] for row in public if row["cuerpo"]] == ["Voy"]
    assert public[-1]["detalles"] == {}
    assert all("ip" not in row and "ip" not in row["detalles"] for row in full + public)


def test_a_proposal_with_its_sources(ana: User, luis: User, prod: Area) -> None:
    incident = make_incident(ana)
    make_suggestion(incident, make_article(prod))
    told = api(ana).get(one(incident, "sugerencia")).json()
    assert set(told) == set(SuggestionOut().fields)
    assert (told["estado"], told["peldaño"], told["confianza"]) == ("lista", "modelo", 0.8)
    assert told["citas"][0]["articulo"] == "prensa-sin-presion"
    assert told["citas"][0]["n"] == 1
    assert told["citas"][0]["url"].startswith("/conocimiento/prensa-sin-presion/")


def test_a_proposal_is_withheld_from_who_may_not_read_a_source(ana: User, luis: User, prod: Area, mant: Area) -> None:
    incident = make_incident(ana)
    make_suggestion(incident, make_article(prod), make_article(mant, "Secreto", solution="La clave del tablero es 9."))
    told = api(luis).get(one(incident, "sugerencia")).json()
    assert (told["estado"], told["texto"], told["citas"], told["peldaño"]) == ("sin_respuesta", "", [], "cola")
    Article.objects.filter(slug="secreto").update(visibility="todos")
    assert api(luis).get(one(incident, "sugerencia")).json()["estado"] == "lista"


def test_growing_text_is_for_the_reporter_until_its_sources_are_known(ana: User, luis: User) -> None:
    incident = make_incident(ana)
    Suggestion.objects.update(state="en_curso", text="Cambiar la")
    assert api(ana).get(one(incident, "sugerencia")).json()["texto"] == "Cambiar la"
    assert api(luis).get(one(incident, "sugerencia")).json()["texto"] == ""


def test_asking_again(ana: User, luis: User) -> None:
    incident = make_incident(ana)
    make_suggestion(incident)
    asked = api(luis).post(one(incident, "sugerencia"))
    assert (asked.status_code, asked.json()["estado"]) == (202, "pendiente")
    assert Suggestion.objects.count() == 2
    assert api(luis).get(one(incident, "sugerencia")).json()["estado"] == "pendiente"


def test_an_incident_without_a_proposal_says_so(ana: User) -> None:
    incident = make_incident(ana)
    Suggestion.objects.all().delete()
    told = api(ana).get(one(incident, "sugerencia")).json()
    assert (told["estado"], told["peldaño"]) == ("sin_respuesta", "cola")
    assert api(ana).post(one(incident, "sugerencia/valoracion"), {"util": True}).status_code == 404


def test_rating_the_whole_and_a_source(ana: User, luis: User, prod: Area) -> None:
    incident = make_incident(ana)
    make_suggestion(incident, make_article(prod))
    url = one(incident, "sugerencia/valoracion")
    rated = api(luis).post(url, {"util": False, "comentario": "no era"})
    assert rated.json() == {"util": False, "comentario": "no era", "cita": None}
    assert api(luis).post(url, {"util": True, "cita": 1}).json()["cita"] == 1
    assert api(luis).post(url, {"util": True, "cita": 9}).status_code == 400
    for body in (
        {},
        {"util": "true"},
        {"util": 1},
        {"util": None},
        {"util": True, "cita": True},
        {"util": True, "cita": -1},
    ):
        assert api(luis).post(url, body).status_code == 400, body


def test_rating_what_is_not_finished_is_409(ana: User) -> None:
    assert api(ana).post(one(make_incident(ana), "sugerencia/valoracion"), {"util": True}).status_code == 409


def test_similar_cases_are_those_one_may_see(ana: User, luis: User, ivan: User, eva: User, mant: Area) -> None:
    past = claimed(make_incident(ana, "La prensa no arranca hoy"), luis)
    api(luis).post(one(past, "resolver"), {"solucion": "Cambiar el relé."})
    hidden = claimed(make_incident(eva, "La prensa no arranca allá", "MANT"), ivan)
    api(ivan).post(one(hidden, "resolver"), {"solucion": "Otra."})
    found = api(luis).get(one(make_incident(ana), "similares")).json()["resultados"]
    assert [row["numero"] for row in found] == [past.number]
    assert set(found[0]) == set(SimilarOut().fields)
    assert found[0]["solucion"] == "Cambiar el relé."


def test_a_key_stands_for_the_content_of_a_file_too(ana: User) -> None:
    incident = make_incident(ana)
    address, key = one(incident, "adjuntos"), {"Idempotency-Key": "foto-1"}

    def send(content: bytes) -> Any:
        data = {"archivo": SimpleUploadedFile("nota.txt", content)}
        return api(ana).post(address, data, format="multipart", headers=key)

    first, again, other = send(b"turno uno"), send(b"turno uno"), send(b"turno dos")
    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 422)
    assert again.json()["id"] == first.json()["id"]
    with incident.attachments.get().file.open("rb") as kept:
        assert kept.read() == b"turno uno"
