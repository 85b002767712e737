"""Queue page, list page and API list among many incidents: by role, filtered, searched, and far from the start."""

from urllib.parse import quote, urlencode

from prsystem.accounts.models import User
from prsystem.core.rights import Rights
from prsystem.core.web.paging import keyset_page

from ..figures import Figure
from ..load import Case, Measured, Request, measure
from ..people import page_request, statements_of, token_headers
from ..servers import Bench
from ..synthetic import COMMON_WORD, RARE_CODE, incidents_up_to

SUITE = "Listas"
SMALL, LARGE = 10_000, 100_000
P95_TARGET_MS, QUERIES_TARGET, CPU_TARGET_MS, GROWTH_TARGET = 150, 8, 12, 1.2
SECONDS, ROUNDS = 1.2, 2
DEEP_PAGES = 400
# How an engineer narrows and orders a queue.
_QUEUE = {
    "por vencimiento": "?orden=vence",
    "la más reciente": "?orden=reciente",
    "un área": "?area=PROD",
    "una prioridad": "?prioridad=P1",
    "mías": "?asignado_a=yo",
    "sin asignar": "?asignado_a=nadie&orden=vence",
    "en espera": "?estado=en_espera",
    "texto": f"?q={quote(COMMON_WORD)}",
}


def run(bench: Bench) -> list[Figure]:
    incidents_up_to(SMALL)
    _measure_main(bench, clients=4)  # a server that has just started is slower than the growth to be seen
    small = _measure_main(bench, clients=1)
    incidents_up_to(LARGE)
    large, busy = _measure_main(bench, clients=1), _measure_main(bench, clients=4)
    figures: list[Figure] = []
    for name, request in _main().items():
        figures += _figures(name, large[name], busy[name], large["piso"], busy["piso"])
        growth = large[name].p50 / small[name].p50
        figures.append(Figure(SUITE, f"{name}: p50 entre {LARGE} y {SMALL}", growth, "×", target=GROWTH_TARGET))
        figures.append(Figure(SUITE, f"{name}: consultas", len(statements_of(request)), "", target=QUERIES_TARGET))
    return figures + _variants(bench)


def _main() -> dict[str, Request]:
    return {
        "cola L1": page_request("luis", "/colas/l1/"),
        "/incidencias/ de administración": page_request("eva", "/incidencias/"),
        "/incidencias/ de quien reporta": page_request("ana", "/incidencias/"),
        "API, 50 filas": Request("/api/incidencias?limite=50", headers=token_headers("eva")),
    }


def _measure_main(bench: Bench, *, clients: int) -> dict[str, Measured]:
    return _measure(bench, _main(), clients)


def _measure(bench: Bench, requests: dict[str, Request], clients: int) -> dict[str, Measured]:
    cases = [Case("piso", bench.floor.pid, bench.floor.port, Request("/lista"))]
    cases += [Case(name, bench.web.pid, bench.web.port, request) for name, request in requests.items()]
    results = measure(cases, clients=clients, seconds=SECONDS, rounds=ROUNDS)
    return {case.name: result for case, result in zip(cases, results, strict=True)}


def _figures(name: str, one: Measured, four: Measured, floor: Measured, busy_floor: Measured) -> list[Figure]:
    return [
        Figure(SUITE, f"{name}: p50, 1 cliente", one.p50, "ms", floor.p50),
        Figure(SUITE, f"{name}: p95, 1 cliente", one.p95, "ms", floor.p95, target=P95_TARGET_MS),
        Figure(SUITE, f"{name}: p95, 4 clientes", four.p95, "ms", busy_floor.p95, target=P95_TARGET_MS),
        Figure(SUITE, f"{name}: CPU", one.cpu_ms, "ms", floor.cpu_ms, target=CPU_TARGET_MS),
    ]


def _variants(bench: Bench) -> list[Figure]:
    path = "/incidencias/"
    variants = {
        "página 400": f"{path}?{urlencode({'cursor': _deep_cursor()})}",
        "filtro por estado, área y prioridad": f"{path}?estado=abierto&area=PROD&prioridad=P2",
        "por vencimiento": f"{path}?orden=vence",
        "por prioridad": f"{path}?orden=prioridad",
        "búsqueda de palabra común": f"{path}?q={quote(COMMON_WORD)}",
        "búsqueda de código raro": f"{path}?q={RARE_CODE}",
    }
    requests = {name: page_request("eva", address) for name, address in variants.items()}
    requests |= {f"cola L1, {name}": page_request("luis", f"/colas/l1/{given}") for name, given in _QUEUE.items()}
    results = _measure(bench, requests, 1)
    return [
        Figure(SUITE, f"{name}: p95, 1 cliente", results[name].p95, "ms", results["piso"].p95, target=P95_TARGET_MS)
        for name in requests
    ]


def _deep_cursor() -> str:
    """Where page DEEP_PAGES begins, found without walking there."""
    from incidents.case.look.rows import row_values
    from incidents.case.selectors import ORDERS, incidents_visible_to

    rights: Rights = User.objects.get(username="eva").rights
    rows = row_values(incidents_visible_to(rights))
    newest = rows.order_by("-id").first()
    before = rows.filter(id__lte=newest["id"] - 50 * DEEP_PAGES)
    return keyset_page(before, ORDERS["reciente"], size=50).next_cursor
