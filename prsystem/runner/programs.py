"""The parts of an embedded instance, in the order in which they start; they stop the other way round."""

import shutil
import signal
import sys
from dataclasses import dataclass

from prsystem import env

from .endpoints import LOOPBACK
from .layout import Layout
from .program import Program
from .servers import postgres, valkey

# One for what people wait for, one for backlog, one for long work (prsystem/core/jobs/claiming.py).
WORKER_PROCESSES = 3
QUEUES = "urgent,normal,bulk"
BACKGROUND_NICENESS = "5"
MODEL_VARIABLES = {"chroma": "CHROMA_URL", "embedder": "PRS_EMBEDDER_URL"}


@dataclass(frozen=True)
class Group:
    """Programs that start and stop together."""

    name: str
    programs: tuple[Program, ...]


def uses_private_database() -> bool:
    return not env.is_set("DATABASE_URL")


def uses_private_doorbell() -> bool:
    return not env.is_set("REDIS_URL")


def private_model_names() -> tuple[str, ...]:
    """Which of Chroma and the embedder this instance runs itself."""
    return tuple(name for name, variable in MODEL_VARIABLES.items() if not env.is_set(variable))


def web_port() -> int:
    return env.integer("PORT", 8000, minimum=1, maximum=65535)


def _background(*command: str) -> tuple[str, ...]:
    """The command at a lower priority, so that pages stay fast while work is done."""
    nice = shutil.which("nice")
    return (nice, "-n", BACKGROUND_NICENESS, *command) if nice else command


def data_group(layout: Layout) -> Group:
    programs = []
    if uses_private_database():
        programs.append(postgres.program(layout))
    if uses_private_doorbell():
        programs.append(valkey.program(layout))
    return Group("data", tuple(programs))


def model_program(layout: Layout, name: str, port: int = 0) -> Program:
    """On a Unix socket; on a loopback port, open to every user of the machine, where one is given."""
    listens = ("--host", LOOPBACK, "--port", str(port)) if port else ("--socket", str(layout.socket(name)))
    if name == "chroma":
        command = _background(
            sys.executable, "-m", "prsystem.runner.servers.chroma", "run", "--path", str(layout.chroma), *listens
        )
        return Program(name, command, {"ANONYMIZED_TELEMETRY": "False", "RUST_LOG": "warn"})
    return Program(name, _background(sys.executable, "-m", "integrations.embedder.node", *listens))


def models_group(layout: Layout, names: tuple[str, ...]) -> Group:
    return Group("models", tuple(model_program(layout, name) for name in names))


def web_program() -> Program:
    return Program("web", (sys.executable, "-m", "prsystem.web"), stop_seconds=20)


def worker_program() -> Program:
    celery = (sys.executable, "-m", "celery", "-A", "prsystem.celery", "worker", "--loglevel", "info")
    sizes = ("--pool", "prefork", "--concurrency", str(WORKER_PROCESSES), "--queues", QUEUES)
    quiet = ("--without-gossip", "--without-mingle", "--without-heartbeat")
    # SIGTERM is Celery's warm stop: tasks in hand are finished, the rest stays queued.
    return Program("worker", _background(*celery, *sizes, *quiet), stop_signal=signal.SIGTERM, stop_seconds=30)


def beat_program(layout: Layout) -> Program:
    command = (sys.executable, "-m", "celery", "-A", "prsystem.celery", "beat", "--loglevel", "warning", "--pidfile=")
    return Program("beat", _background(*command, "--schedule", str(layout.run / "beat-schedule")))


def sender_program() -> Program:
    return Program("sender", _background(sys.executable, "-m", "integrations.webhooks.sender"), stop_seconds=15)


def sealer_program() -> Program:
    return Program("sealer", _background(sys.executable, "-m", "audit.sealer"), stop_seconds=15)


def groups(layout: Layout, models: tuple[str, ...]) -> tuple[Group, ...]:
    app = Group("app", (web_program(), worker_program(), beat_program(layout), sender_program(), sealer_program()))
    return tuple(group for group in (data_group(layout), models_group(layout, models), app) if group.programs)
