"""What each drill saw last, kept in docs/simulacros.json, and the page made from it: drills are run in pieces."""

import json
import os
from dataclasses import asdict, dataclass
from datetime import date

from prsystem.runner.program import PROJECT

KEPT = PROJECT / "docs" / "simulacros.json"
PAGE = PROJECT / "docs" / "simulacros.md"
_HEAD = """# Simulacros de fallas

Escrito por `make drill` con lo que el programa vio; cada fila es de su última corrida en la forma larga (la corta,
`--corto`, no se guarda). Contra la topología de `make cluster`, salvo donde se dice que una instancia de `make run`;
todo en una máquina de {cores} núcleos compartida con otro trabajo. Carga mezclada a través de nginx, repartida entre
cinco personas: 45 % listas, 25 % detalles, 10 % páginas, 20 % reportes. «/s» es el ritmo alcanzado. Fallida es toda
respuesta que no sea 200 o 201 (un detalle de un área ajena, 404, cuenta como 200). La última columna es la referencia:
la misma carga sin falla, al empezar la misma corrida.

| falla | se espera | se vio | | sin falla, en la misma corrida |
|---|---|---|---|---|
"""
_ALERTS_HEAD = """
## Alertas provocadas

`make drill DRILL=--alertas`: un Prometheus y un Alertmanager propios, con las reglas y rutas de `deploy/prometheus`,
miran la topología; cada alerta se provoca, se ve llegar por Alertmanager a un receptor, se repara y se ve llegar el
«resuelta». Las esperas de las reglas (`for:`) y de las rutas se dividen entre {factor} en una copia hecha de los mismos
archivos, y la ventana `[5m]` queda en 30 s; los umbrales son los reales, salvo donde se dice. Las esperas verdaderas
las cubren las pruebas de promtool (`deploy/prometheus/tests`).

| alerta | provocada con | espera de la regla | llegó a los | se resolvió a los |
|---|---|---|---|---|
"""


_FLOODS_HEAD = """
## Lo peor que traen personas y sistemas

`python -m tests.drills.floods http://127.0.0.1:8000`, contra la demostración de `make run`: dos procesos web y dos de
trabajo. Alguien más lee la lista de incidencias todo el tiempo. La lista de los límites está en `limites.md`.

| falla | se espera | se vio | | sin falla, en la misma corrida |
|---|---|---|---|---|
"""
_NOTES = """
## Lo que esto no prueba

Todo está en una máquina: los repartos, la red entre zonas y el disco de otro no se ejercitan. Los nodos de modelo son
de imitación y el almacén S3 es moto. Un ritmo menor que el pedido es de la máquina: mírese la columna de referencia. Lo
guardado por la última corrida está en `simulacros.json`.

Con los nodos de modelo y con la réplica parada la carga es de lecturas solas, para que lo contado no espere detrás de
sus reportes; la tabla borrada tiene carga antes y después, no mientras se restaura, y el sitio perdido, mientras se
copia.

Mientras cae el primario esperan también lecturas: quién pregunta y qué puede leer se comprueba en el primario.

Un backend que se reinicia avisa, contesta cerrando cada conexión y después deja de escuchar: nginx pasa lo rechazado a
otro. Nadie relee la configuración de nginx; cuando se hacía, una conexión de cliente en reposo podía cerrarse justo al
usarla (1 de 3302 peticiones).
"""


@dataclass(frozen=True)
class Seen:
    """A row: fault -> expected -> seen; `held` is whether they agree."""

    fault: str
    expected: str
    seen: str
    held: bool


@dataclass(frozen=True)
class Provoked:
    """An alert: the seconds after the fault, and after its repair, when the receiver was told; None: never."""

    alert: str
    by: str
    waits: str
    fired: float | None
    cleared: float | None

    @property
    def held(self) -> bool:
        return self.fired is not None and self.cleared is not None


def keep_drill(name: str, seen: Seen, floor: str) -> None:
    kept = _kept()
    kept["drills"][name] = {**asdict(seen), "floor": floor, "day": date.today().isoformat()}
    _write(kept)


def keep_flood(name: str, seen: Seen, floor: str) -> None:
    kept = _kept()
    kept.setdefault("floods", {})[name] = {**asdict(seen), "floor": floor, "day": date.today().isoformat()}
    _write(kept)


def keep_alert(found: Provoked, factor: int) -> None:
    kept = _kept()
    kept["factor"] = factor
    kept["alerts"][found.alert] = {**asdict(found), "day": date.today().isoformat()}
    _write(kept)


def _kept() -> dict:  # type: ignore[type-arg] # of JSON
    if not KEPT.exists():
        return {"drills": {}, "alerts": {}, "factor": 1}
    return dict(json.loads(KEPT.read_text(encoding="utf-8")))


def _write(kept: dict) -> None:  # type: ignore[type-arg] # of JSON
    KEPT.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    rows = "".join(_drill_row(row) for row in kept["drills"].values())
    text = _HEAD.format(cores=os.cpu_count()) + rows
    if kept["alerts"]:
        text += _ALERTS_HEAD.format(factor=kept["factor"]) + "".join(map(_alert_row, kept["alerts"].values()))
    if floods := kept.get("floods"):
        text += _FLOODS_HEAD + "".join(map(_drill_row, floods.values()))
    PAGE.write_text(text + _NOTES, encoding="utf-8")


def _drill_row(row: dict) -> str:  # type: ignore[type-arg] # of JSON
    held = "sí" if row["held"] else "**no**"
    told = (row["fault"], row["expected"], row["seen"], held, f"{row['floor']} ({row['day']})")
    return f"| {' | '.join(told)} |\n"


def _alert_row(row: dict) -> str:  # type: ignore[type-arg] # of JSON
    fired, cleared = (f"{row[k]:.0f} s" if row[k] is not None else "**no**" for k in ("fired", "cleared"))
    return f"| `{row['alert']}` | {row['by']} | {row['waits']} | {fired} | {cleared} |\n"
