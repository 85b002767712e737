"""Every alert provoked on the running topology, seen to arrive, repaired, and seen to clear."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial

from deploy.cluster import certificates, database, edge
from deploy.cluster.site import BACKENDS, NODES, POSTGRES
from prsystem.runner.program import PROJECT, instance_environment
from prsystem.runner.progress import say

from . import record
from .record import Provoked
from .rig import Rig
from .watching import FACTOR, SCALED_THRESHOLDS, WINDOW, Watch, scaled_rules, small_disk

FIRE_SECONDS, CLEAR_SECONDS = 180.0, 120.0
LOCK_SECONDS = 7
Fault = Callable[[Rig, Watch], Iterator[None]]


@dataclass(frozen=True)
class Case:
    """`make` is a generator: it makes the fault, yields while it lasts, and repairs it. `alerts` come from it."""

    alerts: tuple[str, ...]
    by: str
    make: Fault


def manage(rig: Rig, *arguments: str) -> None:
    """A command of the product, in the topology's environment."""
    environment = {**instance_environment(rig.site.layout), **rig.site.background_environment()}
    command = [sys.executable, "manage.py", *arguments]
    subprocess.run(command, cwd=PROJECT, env=environment, check=True, capture_output=True)


def verify_trail(rig: Rig) -> None:
    manage(rig, "shell", "-c", "from audit.seals.checking import trail_check; trail_check()")


def backend_away(rig: Rig, watch: Watch) -> Iterator[None]:
    with rig.stopped(BACKENDS[0]):
        yield


def nobody_to_scrape(rig: Rig, watch: Watch) -> Iterator[None]:
    watch.scrape(())
    yield
    watch.scrape(BACKENDS)


def database_away(rig: Rig, watch: Watch) -> Iterator[None]:
    for name in POSTGRES:
        rig.stop(name)
    yield
    for name in POSTGRES:
        rig.start(name)


def node_away(rig: Rig, watch: Watch) -> Iterator[None]:
    with rig.stopped(NODES[0]):
        yield


def slow_answers(rig: Rig, watch: Watch) -> Iterator[None]:
    """Comments wait for a lock of their table, as many as the three backends take at once."""
    with rig.client("ana") as client, ThreadPoolExecutor(4 * len(BACKENDS)) as threads:
        body = {"titulo": "Lenta", "descripcion": "Espera.", "area": "PROD"}
        made = client.post("/api/incidencias", json=body).raise_for_status().json()["id"]
        paths = [f"{rig.site.url(name)}/api/incidencias/{made}/comentarios" for name in BACKENDS] * 4
        with database.connect(rig.site, database=database.DATABASE) as holder:
            holder.execute("BEGIN; LOCK TABLE incidents_comment")
            answers = [threads.submit(client.post, path, json={"cuerpo": "Espero."}) for path in paths]
            time.sleep(LOCK_SECONDS)
            holder.execute("COMMIT")
        for answer in answers:
            answer.result().raise_for_status()
    yield


def nothing_known(rig: Rig, watch: Watch) -> Iterator[None]:
    known = [row[0] for row in rig.sql("SELECT id FROM knowledge_article WHERE NOT is_archived")]
    rig.sql("UPDATE knowledge_article SET is_archived = true WHERE id = ANY(%s)", known)
    yield
    rig.sql("UPDATE knowledge_article SET is_archived = false WHERE id = ANY(%s)", known)


def backups_moved(hours: int) -> Fault:
    def make(rig: Rig, watch: Watch) -> Iterator[None]:
        move = "UPDATE integrations_backuprun SET {0} = {0} {1} %s * interval '1 hour'"
        columns = ("taken_at", "verified_at") if hours > 100 else ("taken_at",)
        for column in columns:
            rig.sql(move.format(column, "-"), hours)
        yield
        for column in columns:
            rig.sql(move.format(column, "+"), hours)

    return make


def replica_away(rig: Rig, watch: Watch) -> Iterator[None]:
    with rig.replay_stopped(rig.standby()), rig.client("ana") as client:
        body = {"titulo": "Sin réplica", "descripcion": "No la ve.", "area": "PROD"}
        client.post("/api/incidencias", json=body).raise_for_status()
        yield


def sender_away(rig: Rig, watch: Watch) -> Iterator[None]:
    with rig.stopped("sender"):
        with rig.client("ana") as client:
            body = {"titulo": "Sin avisar", "descripcion": "Nadie envía.", "area": "PROD"}
            client.post("/api/incidencias", json=body).raise_for_status()
        rig.sql("UPDATE core_outboxevent SET created_at = created_at - interval '6 minutes' WHERE relayed_at IS NULL")
        yield


def nobody_seals(rig: Rig, watch: Watch) -> Iterator[None]:
    with rig.stopped("sealer", "beat"), rig.client("ana") as client:
        body = {"titulo": "Sin sellar", "descripcion": "Nadie sella.", "area": "PROD"}
        client.post("/api/incidencias", json=body).raise_for_status()
        yield


def trail_altered(rig: Rig, watch: Watch) -> Iterator[None]:
    unguarded = "SET session_replication_role = replica; UPDATE audit_auditentry SET actor = '{}' WHERE id = {}"
    entry, actor = rig.sql("SELECT id, actor FROM audit_auditentry ORDER BY id OFFSET 5 LIMIT 1")[0]
    rig.sql(unguarded.format("otra", entry))
    verify_trail(rig)
    yield
    rig.sql(unguarded.format(actor.replace("'", "''"), entry))
    verify_trail(rig)


def trail_unverified(rig: Rig, watch: Watch) -> Iterator[None]:
    yield
    verify_trail(rig)


ENDPOINT = """
from integrations.webhooks.editing import EndpointSpec, endpoint_create
from integrations.webhooks.services import endpoint_test
from prsystem.core.context import SYSTEM
spec = EndpointSpec(name="simulacro", url="https://simulacro.invalid/")
endpoint, _secret = endpoint_create(actor=SYSTEM, spec=spec)
endpoint_test(actor=SYSTEM, endpoint_id=endpoint.pk)
"""


def dead_letter(rig: Rig, watch: Watch) -> Iterator[None]:
    if not rig.sql("SELECT 1 FROM integrations_endpoint WHERE name = 'simulacro'"):
        manage(rig, "shell", "-c", ENDPOINT)
    change = "UPDATE integrations_delivery SET state = %s WHERE message_id LIKE 'msg_test_%%'"
    rig.sql(change, "dead")
    yield
    rig.sql(change, "delivered")


def job_parked(rig: Rig, watch: Watch) -> Iterator[None]:
    """One that has killed its worker five times."""
    [[job]] = rig.sql(
        "INSERT INTO core_job (kind, queue, payload, dedup_key, state, attempts, run_at, last_error, request_id, "
        "created_at) VALUES ('simulacro', 'urgent', '{}', '', 'pending', 5, now(), '', '', now()) RETURNING id"
    )
    yield
    rig.sql("DELETE FROM core_job WHERE id = %s", job)


def away(name: str) -> Fault:
    def make(rig: Rig, watch: Watch) -> Iterator[None]:
        with rig.stopped(name):
            yield

    return make


def archive_late(rig: Rig, watch: Watch) -> Iterator[None]:
    """Until the next fetch, which comes by itself."""
    move = "UPDATE integrations_backuprun SET taken_at = taken_at {} interval '2 hours' WHERE tier = 'hourly'"
    rig.sql(move.format("-"))
    yield
    rig.sql(move.format("+"))


def work_waits(rig: Rig, watch: Watch) -> Iterator[None]:
    """One job of each kind of queue, due for two hours, with nobody to do it."""
    columns = "kind, queue, payload, dedup_key, state, attempts, run_at, last_error, request_id, created_at"
    queues = "unnest(ARRAY['urgent', 'bulk'])"
    values = f"'simulacro', {queues}, '{{}}', '', 'pending', 0, now() - interval '2 hours', '', '', now()"
    with rig.stopped("worker"):
        rig.sql(f"INSERT INTO core_job ({columns}) SELECT {values}")
        yield
        rig.sql("DELETE FROM core_job WHERE kind = 'simulacro'")


def connections_taken(rig: Rig, watch: Watch) -> Iterator[None]:
    """Nine of ten that the server gives."""
    [[most, used]] = rig.sql(
        "SELECT current_setting('max_connections')::int, (SELECT sum(numbackends) FROM pg_stat_database)::int"
    )
    with ExitStack() as taken:
        for _each in range(most * 9 // 10 - used):
            taken.enter_context(database.connect(rig.site, database=database.DATABASE))
        yield


def certificate_old(rig: Rig, watch: Watch) -> Iterator[None]:
    folder, other = rig.site.data / "nginx", rig.site.data / "simulacro-tls"
    shutil.rmtree(other, ignore_errors=True)
    certificates.make(other, valid_days=5)
    kept = {name: (folder / "tls" / name).read_bytes() for name in ("cert.pem", "key.pem")}
    for name in kept:
        (folder / "tls" / name).write_bytes((other / name).read_bytes())
    edge.reload(folder)
    yield
    for name, content in kept.items():
        (folder / "tls" / name).write_bytes(content)
    edge.reload(folder)


def site_away(rig: Rig, watch: Watch) -> Iterator[None]:
    with rig.stopped("nginx"):
        yield


def disk_full(rig: Rig, watch: Watch) -> Iterator[None]:
    with small_disk(watch.folder / "disco") as place:
        if place is None:
            raise PermissionError("this process may not mount a file system")
        file = place / "lleno"
        file.write_bytes(bytes(12 * 1024 * 1024))
        os.sync()
        yield
        file.unlink()
        os.sync()
        time.sleep(5)  # seen emptied before it is gone


CASES = (
    Case(("PRSystemDown",), "un backend detenido", backend_away),
    Case(("PRSystemMissing",), "lista de backends vacía", nobody_to_scrape),
    Case(("OllamaUnhealthy",), "un nodo de modelos detenido", node_away),
    Case(("HighResponseTime",), "comentarios que esperan 7 s por un candado de la tabla", slow_answers),
    Case(("RAGEmpty",), "todos los artículos archivados", nothing_known),
    Case(("BackupTooOld",), "fecha del último respaldo movida 37 h atrás", backups_moved(37)),
    Case(("BackupNotVerified",), "fecha de la última comprobación movida 9 días atrás", backups_moved(9 * 24)),
    Case(("ReplicaLagging",), "réplica que recibe y deja de reproducir", replica_away),
    Case(("OutboxStuck",), "proceso de envíos detenido y evento envejecido 6 min", sender_away),
    Case(("AuditSealLag", "BeatSilent"), "sellador y reloj detenidos", nobody_seals),
    Case(("AuditNotWhole",), "una entrada cambiada a mano en la base", trail_altered),
    Case(("AuditNotVerified",), "nadie verifica durante el umbral, que aquí es de 60 s", trail_unverified),
    Case(("DeadLetters",), "una entrega marcada como abandonada", dead_letter),
    Case(("JobsParked",), "un trabajo que tumbó cinco veces a su proceso", job_parked),
    Case(("RedisDown",), "Redis detenido", away("valkey")),
    Case(("ChromaDown",), "Chroma detenido", away("chroma")),
    Case(("EmbedderDown",), "el modelo de vectores detenido", away("embedder")),
    Case(("WalArchiveLagging",), "fecha de lo archivado movida 2 h atrás", archive_late),
    Case(("UrgentJobsWaiting", "JobsWaiting"), "dos trabajos de hace 2 h y ningún proceso de trabajo", work_waits),
    Case(("DatabaseConnectionsHigh",), "el 90 % de las conexiones tomadas", connections_taken),
    Case(("CertificateExpiring",), "certificado de 5 días en nginx", certificate_old),
    Case(("ProbeFailed",), "nginx detenido", site_away),
    Case(("DiskFilling",), "disco de 16 MiB lleno", disk_full),
    Case(("MetricsIncomplete",), "los dos PostgreSQL detenidos", database_away),
)
NAMES = (*(alert for case in CASES for alert in case.alerts), "Watchdog")


def run(rig: Rig, names: list[str]) -> bool:
    """Whether every one fired and cleared."""
    chosen = [case for case in CASES if not names or set(case.alerts) & set(names)]
    held = True
    if any(set(case.alerts) & {"BackupTooOld", "BackupNotVerified"} for case in chosen):
        manage(rig, "backup", "run")
    verify_trail(rig)
    with Watch(rig.site, rig.site.data / "alertas") as watch:
        for case in chosen:
            for found in provoke(rig, watch, case):
                record.keep_alert(found, FACTOR)
                held = held and found.held
                say(f"[{'bien' if found.held else 'MAL'}] {found.alert}: {found.by}; {found.fired} / {found.cleared}")
        if not names or "Watchdog" in names:
            found = _watchdog(watch)
            record.keep_alert(found, FACTOR)
            say(f"[{'bien' if found.held else 'MAL'}] {found.alert}: {found.fired} / {found.cleared}")
    return held


def provoke(rig: Rig, watch: Watch, case: Case) -> list[Provoked]:
    started = time.monotonic()
    with _lasting(case.make(rig, watch)) as repair:
        fired = {alert: watch.first(alert, "firing", started, FIRE_SECONDS) for alert in case.alerts}
        mended = time.monotonic()
        repair()
    cleared = {alert: watch.first(alert, "resolved", mended, CLEAR_SECONDS) for alert in case.alerts}
    rig.steady()
    return [Provoked(alert, case.by, waits_of(alert), fired[alert], cleared[alert]) for alert in case.alerts]


@contextmanager
def _lasting(fault: Iterator[None]) -> Iterator[Callable[[], None]]:
    """The fault made; what is given repairs it, and so does the end of the block."""
    next(fault)
    try:
        yield partial(next, fault, None)
    finally:
        for _more in fault:
            pass


def _watchdog(watch: Watch) -> Provoked:
    """Always told; no longer once Prometheus is gone, which is what the watcher outside notices."""
    told = [one for one in watch.told if one.alert == "Watchdog"]
    stopped = time.monotonic()
    watch.stop("simulacro-prometheus")
    time.sleep(20)
    later = [one.at - stopped for one in watch.told if one.alert == "Watchdog" and one.status == "firing"]
    is_silent = bool(told) and {one.receiver for one in told} == {"vigia"} and max(later) < 10
    ended = max(0.0, max(later)) if is_silent else None
    return Provoked("Watchdog", "nada: siempre suena; callada al matar Prometheus", "0", 0.0 if told else None, ended)


def waits_of(alert: str) -> str:
    rules = scaled_rules()["groups"][0]["rules"]
    [rule] = [rule for rule in rules if rule["alert"] == alert]
    told = f"{rule.get('for', '0s')}"
    if WINDOW in rule["expr"]:
        told += f", ventana {WINDOW}"
    return told + (", umbral 60 s en vez de 3600 s" if alert in SCALED_THRESHOLDS else "")
