"""The generated Python client against a running server, and that it is of the API as it is now."""

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from incidents.models import Incident
from prsystem.accounts.models import Area
from prsystem.runner.program import PROJECT
from tests.integrations.api_keys.makers import make_key

FOLDER = PROJECT / "docs" / "integraciones" / "cliente-python"
CASE = {"titulo": "Prensa 4 sin presión", "descripcion": "Alarma 731 en la prensa 4", "area": "PROD", "origen": "mes"}


def module(name: str) -> Any:
    spec = importlib.util.spec_from_file_location(f"cliente_{name}", FOLDER / f"{name}.py")
    assert spec is not None and spec.loader is not None
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


@pytest.fixture
def example(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.syspath_prepend(str(FOLDER))
    yield module("ejemplo")
    for name in [name for name in sys.modules if name.partition(".")[0] == "pr_system_client"]:
        del sys.modules[name]


def test_the_client_is_of_the_document_as_it_is() -> None:
    generate = module("generate")
    _part, digest = generate.present()
    assert Path(generate.HASH).read_text().strip() == digest, "run `make client`"


@pytest.mark.django_db(transaction=True)
def test_it_reports_repeats_and_tells_the_field_that_was_refused(example: Any, live_server: Any) -> None:
    prod = Area.objects.create(code="PROD", name="Producción")
    key = make_key("incidencias:write", "conocimiento:read", areas=[prod])
    client = example.cliente(live_server.url, key.text)
    first = example.reportar(client, "una", **CASE)
    again = example.reportar(client, "una", **CASE)
    assert (first.numero, first.estado) == (again.numero, "nuevo")
    assert Incident.objects.count() == 1
    with pytest.raises(example.Rechazada) as refused:
        example.reportar(client, "otra", **{**CASE, "area": "NADA"})
    assert refused.value.problema.status == 400
    assert list(refused.value.errores) == ["area"]
    assert example.buscar(client, "prensa").resultados == []
    with pytest.raises(example.Rechazada) as unknown:
        example.reportar(example.cliente(live_server.url, "no-es-clave"), "x", **CASE)
    assert unknown.value.problema.status == 403
