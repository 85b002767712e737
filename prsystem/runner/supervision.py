"""The process runner (supervisord): its configuration, its start and stop, its XML-RPC over a Unix socket."""

import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any
from xmlrpc.client import Fault, ServerProxy

from supervisor.xmlrpc import SupervisorTransport

from .layout import Layout
from .program import Program, instance_environment, tied_to_parent, wait_until
from .programs import Group

NAME = "supervisord"
IDENTIFIER = "supervisor.supervisord"
LOG_MEGABYTES = 5
LOG_BACKUPS = 3
START_RETRIES = 8
START_SECONDS = 20.0
ALREADY_STARTED_FAULT = 60
NOT_RUNNING_FAULT = 70


def quoted(argument: str) -> str:
    """An argument for supervisord's command line: shell rules, `%` expanded, ` ;` and ` #` start comments."""
    return re.sub(r"([^A-Za-z0-9_@+=:,./%-])", r"\\\1", argument).replace("%", "%%") or "''"


def _program_section(program: Program) -> str:
    variables = ",".join(f'{name}="{value}"' for name, value in program.environment.items())
    return f"""
[program:{program.name}]
command={" ".join(quoted(part) for part in program.command)}
environment={variables}
autostart=false
autorestart=true
startsecs={program.start_seconds}
startretries={START_RETRIES}
stopsignal={program.stop_signal.name.removeprefix("SIG")}
stopwaitsecs={program.stop_seconds}
killasgroup=true
redirect_stderr=true
stdout_logfile=logs/{program.name}.log
stdout_logfile_maxbytes={LOG_MEGABYTES}MB
stdout_logfile_backups={LOG_BACKUPS}
"""


def _group_section(group: Group, priority: int) -> str:
    names = ",".join(program.name for program in group.programs)
    return f"\n[group:{group.name}]\nprograms={names}\npriority={priority}\n"


def configuration(groups: tuple[Group, ...], run: str) -> str:
    """supervisord's configuration, with paths relative to the data folder: it expands `%` a varying number of
    times. Groups stop one after the other, the last one first."""
    head = f"""[unix_http_server]
file={run}/supervisor.sock
chmod=0700

[supervisord]
nodaemon=true
silent=true
logfile=logs/{NAME}.log
logfile_maxbytes={LOG_MEGABYTES}MB
logfile_backups={LOG_BACKUPS}
pidfile={run}/{NAME}.pid
childlogdir=logs

[rpcinterface:supervisor]
supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface
"""
    programs = "".join(_program_section(program) for group in groups for program in group.programs)
    return head + programs + "".join(_group_section(group, 10 * n) for n, group in enumerate(groups, start=1))


class Supervisor:
    """One running supervisord."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def socket(self) -> Path:
        return self.layout.run / "supervisor.sock"

    def _relative(self, path: Path) -> str:
        return str(path.relative_to(self.layout.data) if path.is_relative_to(self.layout.data) else path)

    @property
    def log(self) -> Path:
        return self.layout.logs / f"{NAME}.log"

    def _rpc(self) -> Any:
        transport = SupervisorTransport(None, None, f"unix://{self.socket}")
        return ServerProxy("http://127.0.0.1", transport=transport).supervisor

    def start(self, groups: tuple[Group, ...], *, tied: bool = True) -> None:
        """Start supervisord with nothing running in it yet; `tied`: it stops when this process dies."""
        path = self.layout.run / "supervisord.conf"
        path.write_text(configuration(groups, self._relative(self.layout.run)), encoding="utf-8")
        # Named by its identifier: leftovers of a killed instance are recognised by the command line.
        command = (sys.executable, "-m", "prsystem.runner.process_runner", "-n", "-c", str(path), "-i", IDENTIFIER)
        with self.log.open("ab") as log:
            # A session of its own: Ctrl-C reaches the runner alone, which then stops the parts in order.
            self.process = subprocess.Popen(
                tied_to_parent(command, signal.SIGTERM) if tied else command,
                cwd=self.layout.data,
                env=instance_environment(self.layout),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        wait_until(self.answers, name=NAME, log=self.log, seconds=START_SECONDS, process=self.process)

    def answers(self) -> bool:
        try:
            return self._rpc().getState()["statename"] == "RUNNING"
        except OSError:
            return False

    def start_program(self, group: str, name: str) -> None:
        try:
            self._rpc().startProcess(f"{group}:{name}", False)
        except Fault as fault:
            if fault.faultCode != ALREADY_STARTED_FAULT:
                raise

    def stop_program(self, group: str, name: str) -> None:
        """Stop one program and leave it so; it may have ended already."""
        try:
            self._rpc().stopProcess(f"{group}:{name}", True)
        except Fault as fault:
            if fault.faultCode != NOT_RUNNING_FAULT:
                raise

    def start_group(self, group: Group) -> None:
        for program in group.programs:
            self.start_program(group.name, program.name)

    def states(self) -> list[dict[str, Any]]:
        """One dictionary per program: group, name, pid (0 when it isn't running), statename."""
        return list(self._rpc().getAllProcessInfo())

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def stop(self, seconds: float) -> bool:
        """Stop every part in order, then supervisord; False when it took longer than `seconds`."""
        if self.process is None or self.process.poll() is not None:
            return True
        self.process.terminate()
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True
