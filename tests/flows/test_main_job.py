"""The main job, end to end through the API: report, suggest, claim, resolve, publish; the next report cites it."""

from typing import Any

import pytest

from audit.models import AuditEntry
from incidents.models import Suggestion
from knowledge.services.indexing import index_repair
from prsystem.accounts.models import User
from prsystem.core.models import Job, OutboxEvent
from tests.jobs import job_run
from tests.people import api

pytestmark = pytest.mark.django_db(transaction=True)

OTHER_PROBLEMS = [
    (
        "La impresora de etiquetas no corta",
        "Las etiquetas salen pegadas una con otra.",
        "Limpiar la cuchilla de corte.",
    ),
    ("El lector de código no enciende", "El lector de la estación 4 está muerto.", "Cambiar la batería del lector."),
    ("VPN no conecta desde casa", "Dice credenciales inválidas al entrar.", "Renovar el certificado del usuario."),
    ("Montacargas con fuga de aceite", "Deja charcos debajo del mástil.", "Cambiar el sello del cilindro."),
    ("No imprime la guía de embarque", "SAP manda el trabajo y no sale nada.", "Reiniciar la cola de impresión."),
]


def run_jobs() -> None:
    """Run what is due, and what that makes, as the workers do."""
    while ids := list(Job.objects.filter(state="pending").values_list("pk", flat=True)):
        assert sum(job_run(pk) for pk in ids)


def post(user: User, path: str, body: dict[str, Any] | None = None, status: int = 200) -> dict[str, Any]:
    response = api(user).post(path, body or {})
    assert response.status_code == status, response.content
    return response.json()


def report(user: User, title: str, description: str, area: str = "PROD") -> str:
    return post(user, "/api/incidencias", {"titulo": title, "descripcion": description, "area": area}, 201)["id"]


def solve(engineer: User, editor: User, incident: str, solution: str) -> dict[str, Any]:
    post(engineer, f"/api/incidencias/{incident}/tomar")
    answer = post(engineer, f"/api/incidencias/{incident}/resolver", {"solucion": solution})
    assert answer["incidencia"]["estado"] == "resuelto"
    assert answer["conocimiento"]["version"] == "1.0"
    assert answer["conocimiento"]["estado"] == "borrador"
    post(editor, f"/api/conocimiento/{answer['conocimiento']['articulo']}/publicar")
    return answer["conocimiento"]


def suggestion(user: User, incident: str) -> dict[str, Any]:
    response = api(user).get(f"/api/incidencias/{incident}/sugerencia")
    assert response.status_code == 200, response.content
    return response.json()


def test_a_second_report_in_other_words_cites_what_was_learned(
    models: dict[str, str], ana: User, luis: User, marta: User
) -> None:
    for title, description, solution in OTHER_PROBLEMS:
        solve(luis, marta, report(ana, title, description), solution)
    first = report(ana, "La banda transportadora 3 se detiene sola", "Marca la alarma E-4012 y se para la banda.")
    run_jobs()
    assert suggestion(ana, first)["estado"] in ("lista", "sin_respuesta")

    steps = "1. Revisar la tensión de la banda.\n2. Cambiar el sensor SKF-6205 del rodillo de retorno."
    learned = solve(luis, marta, first, steps)
    run_jobs()

    second = report(
        ana, "El transportador de la línea se para sin motivo", "Sale E-4012 en el tablero del transportador."
    )
    run_jobs()
    answer = suggestion(ana, second)
    assert answer["estado"] == "lista", answer
    assert answer["peldaño"] == "extractiva"
    assert learned["articulo"] in [cite["articulo"] for cite in answer["citas"]]
    cite = next(c for c in answer["citas"] if c["articulo"] == learned["articulo"])
    assert cite["version"] == "1.0"
    assert "SKF-6205" in answer["texto"]
    assert f"[{cite['n']}]" in answer["texto"]


def test_nothing_unpublished_is_found(models: dict[str, str], ana: User, luis: User, marta: User) -> None:
    incident = report(ana, "El horno no calienta", "El horno de curado se queda en 80 grados.")
    post(luis, f"/api/incidencias/{incident}/tomar")
    post(luis, f"/api/incidencias/{incident}/resolver", {"solucion": "Cambiar la resistencia R-77 del horno."})
    index_repair()
    found = api(ana).get("/api/conocimiento/buscar", {"query": "el horno no calienta R-77"}).json()
    assert found["resultados"] == []


def test_every_step_leaves_its_audit_entry_and_its_event(ana: User, luis: User, marta: User) -> None:
    incident = report(ana, "La prensa 2 hace ruido", "Se oye un golpe al bajar.")
    solve(luis, marta, incident, "Engrasar las guías.")
    post(ana, f"/api/incidencias/{incident}/cerrar")
    actions = list(
        AuditEntry.objects.filter(recurso=f"incidencia:{incident}").order_by("id").values_list("accion", flat=True)
    )
    assert actions == ["incident.reported", "incident.claimed", "incident.resolved", "incident.closed"]
    events = list(OutboxEvent.objects.order_by("id").values_list("event", flat=True))
    assert events == [
        "incidencia.creada",
        "incidencia.asignada",
        "incidencia.resuelta",
        "conocimiento.version_publicada",
        "incidencia.cerrada",
    ]


def test_without_embedder_and_chroma_the_answer_comes_by_text(
    ana: User, luis: User, marta: User, settings: Any
) -> None:
    settings.CHROMA_URL = settings.EMBEDDER_URL = ""
    solve(luis, marta, report(ana, "Falla E-4012 en la banda", "La banda marca E-4012."), "Reiniciar el variador VF-2.")
    run_jobs()
    second = report(ana, "Falla E-4012 en la banda otra vez", "La banda marca E-4012 de nuevo.")
    run_jobs()
    answer = suggestion(ana, second)
    assert answer["estado"] == "lista", answer
    assert "VF-2" in answer["texto"]
    found = api(ana).get("/api/conocimiento/buscar", {"query": "E-4012"}).json()
    assert found["modo"] == "texto"
    assert len(found["resultados"]) == 1


def test_a_suggestion_that_was_cut_off_is_made_after_all(ana: User) -> None:
    incident = report(ana, "Se cayó la red", "Nadie tiene red en almacén.")
    Suggestion.objects.update(state="en_curso", text="a medias")  # a worker died while it wrote
    run_jobs()
    answer = suggestion(ana, incident)
    assert (answer["estado"], answer["texto"]) == ("sin_respuesta", "")
