"""What sealing costs those who write: reports by 20 clients with the sealer at work and without it, in turns."""

from contextlib import nullcontext

from prsystem.runner import programs
from prsystem.runner.program import start, stop

from ..figures import Figure
from ..load import Case, Measured, measure
from ..people import token_headers
from ..servers import Bench
from .report import forget_jobs, report_request

SUITE = "Sellar la auditoría"
CLIENTS, SECONDS, ROUNDS = 20, 4.0, 4
COST_TARGET_RATIO = 1.1


def run(bench: Bench) -> list[Figure]:
    """Rounds with and without in turns, so that a busy machine slows both alike."""
    case = Case("reporte", bench.web.pid, bench.web.port, report_request(token_headers("ana")))
    without, with_sealer = Measured(), Measured()
    for _round in range(ROUNDS):
        for result, sealer in ((without, nullcontext()), (with_sealer, _Sealer(bench))):
            with sealer:
                [part] = measure([case], clients=CLIENTS, seconds=SECONDS, rounds=1)
            result.latencies += part.latencies
            result.seconds += part.seconds
    forget_jobs()
    return [
        Figure(
            SUITE,
            "tiempo por reporte con sellado, 20 clientes",
            1000 / with_sealer.per_second,
            "ms",
            1000 / without.per_second,
            target_ratio=COST_TARGET_RATIO,
        ),
        *_verified(),
    ]


class _Sealer:
    """The sealer's process while the block runs."""

    def __init__(self, bench: Bench) -> None:
        self.layout = bench.layout

    def __enter__(self) -> None:
        self.process = start(programs.sealer_program(), self.layout, tied=True)

    def __exit__(self, *error: object) -> None:
        stop(self.process, programs.sealer_program())


def _verified() -> list[Figure]:
    """Verification of all that was written, and the proof of one entry."""
    from time import perf_counter

    from audit.seals import reading, sealing, verifying

    while sealing.batch_seal():
        pass
    began = perf_counter()
    verdict = verifying.trail_verify()
    seconds = perf_counter() - began
    if verdict.fault:
        raise AssertionError(verdict.fault)
    [(entry,)] = reading.rows_of("SELECT entry_id FROM audit_sealedentry ORDER BY entry_id DESC OFFSET 500 LIMIT 1")
    began = perf_counter()
    verifying.entry_prove(entry)
    milliseconds = 1000 * (perf_counter() - began)
    return [
        Figure(SUITE, "verificar mil entradas", 1_000_000 * seconds / verdict.entries, "ms"),
        Figure(SUITE, "probar una entrada", milliseconds, "ms", target=50),
    ]
