"""One embedded instance: start its parts in order, watch them, stop them in order."""

import http.client
import os
import threading
import time
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any
from xmlrpc.client import Fault

import psutil

from prsystem import exposure
from prsystem.demo_accounts import ACCOUNTS, PASSWORD

from . import endpoints, leftovers, programs, room, schema
from .catalogues import compile_catalogues
from .instance_locks import FileLock, commands_lock, deciding, runner_lock
from .layout import Layout
from .program import RunnerError, wait_until
from .programs import Group
from .progress import Steps, say
from .servers import data_servers, postgres, valkey
from .supervision import Supervisor

WEB_SECONDS = 60.0
WATCH_SECONDS = 2.0
FATAL_PAUSE_SECONDS = 30.0
ANEW_SECONDS = (1.0, 60.0)  # first and longest pause
STOP_SECONDS = 90.0
DEMO_PENDING, DEMO_LOADED = "demo.pending", "demo.loaded"


class Instance:
    """Started once; `stop` may be called at any moment, also in the middle of a start."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.port = programs.web_port()
        self.supervisor = Supervisor(layout)
        self.groups: tuple[Group, ...] = ()
        self.lock: FileLock | None = None
        self.pids: dict[str, int] = {}
        self.fatal_since: dict[str, float] = {}
        self.room_faults: set[str] = set()

    # --- start

    def start(self) -> None:
        """Everything up to the first answered page; RunnerError with one line for the operator."""
        data_servers.prepare_folders(self.layout)
        schema.check_settings()
        self._take_lock()
        first = programs.uses_private_database() and not postgres.is_initialised(self.layout)
        with_demo = self._wants_demo(first=first)
        steps = Steps(6 if with_demo else 5)
        with steps.step("Comprobar puertos y restos de otra ejecución"):
            self._check()
        with steps.step("Base de datos y cola" if first else "Base de datos y cola privadas"):
            self._start_data(first=first)
        with steps.step("Esquema de la base de datos"):
            self._migrate()
        if with_demo:
            self._load_demo(steps)
        with steps.step("Páginas web"):
            self._start_web()
        with steps.step("Trabajo en segundo plano, índice y modelo local"):
            self._start_others()

    def _take_lock(self) -> None:
        lock = runner_lock(self.layout.data)
        with deciding(self.layout.data):
            if not lock.try_exclusive():
                holder = lock.path.read_text(encoding="utf-8") or "?"
                raise RunnerError(f"ya hay una instancia con PRS_DATA_DIR={self.layout.data} (proceso {holder})")
            lock.write(str(os.getpid()))
            self.lock = lock
        commands = commands_lock(self.layout.data)
        if not commands.try_exclusive():
            say("Esperando a que termine una orden de manage.py que usa estos datos …")
            commands.exclusive()
        commands.close()

    def _check(self) -> None:
        if count := leftovers.stop_all(self.layout):
            say(f"{count} procesos de una ejecución anterior detenidos … ", end="")
        if not endpoints.port_is_free(self.port):
            raise RunnerError(
                f"PORT: el puerto {self.port} está ocupado; indique otro, por ejemplo PORT={self.port + 1}"
            )
        compile_catalogues()

    def _start_data(self, *, first: bool) -> None:
        if first:
            postgres.initialise(self.layout)
        elif programs.uses_private_database():
            postgres.check_folder(self.layout)
        models = endpoints.choose(self.layout, programs.private_model_names())
        self.groups = programs.groups(self.layout, models)
        self.supervisor.start(self.groups)
        for group in self.groups:
            if group.name == "data":
                self.supervisor.start_group(group)
        if programs.uses_private_doorbell():
            self._wait("valkey", partial(valkey.is_up, self.layout))
        if programs.uses_private_database():
            self._wait("postgres", partial(postgres.is_up, self.layout))
            postgres.create_database(self.layout)

    def _wait(self, name: str, is_up: Any) -> None:
        log = self.layout.logs / f"{name}.log"
        wait_until(is_up, name=name, log=log, seconds=data_servers.START_SECONDS, process=self.supervisor.process)

    def _migrate(self) -> None:
        if schema.is_current(self.layout):
            return
        import django

        django.setup()
        schema.migrate(self.layout)

    def _demo_path(self, name: str) -> Path:
        return self.layout.data / name

    def _wants_demo(self, *, first: bool) -> bool:
        """On a first start that only this machine reaches; the mark lets an interrupted load be made up for."""
        if exposure.opened_by():
            return False
        if first:
            self._demo_path(DEMO_PENDING).touch()
        return self._demo_path(DEMO_PENDING).exists()

    def _load_demo(self, steps: Steps) -> None:
        import django
        from django.core.management import CommandError, call_command

        django.setup()
        steps.done += 1
        say(f"[{steps.done}/{steps.total}] Datos de demostración")
        try:
            call_command("demo")
        except CommandError as error:
            raise RunnerError(f"no se pudieron cargar los datos de demostración: {error}") from error
        self._demo_path(DEMO_PENDING).rename(self._demo_path(DEMO_LOADED))

    def _start_web(self) -> None:
        self.supervisor.start_program("app", "web")
        log = self.layout.logs / "web.log"
        wait_until(
            self.page_answers, name="El servidor web", log=log, seconds=WEB_SECONDS, process=self.supervisor.process
        )

    def page_answers(self) -> bool:
        """Whether the web server gives any answer; a refusal by host name is one too."""
        connection = http.client.HTTPConnection(exposure.local_address(), self.port, timeout=5)
        try:
            connection.request("GET", "/api/health")
            return connection.getresponse().status < 500
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def _start_others(self) -> None:
        for group in self.groups:
            self.supervisor.start_group(group)

    def _address(self) -> str:
        host = exposure.local_address()
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"

    def announce(self) -> None:
        say(f"\nPR-System está en {self._address()}\n")
        if self._demo_path(DEMO_LOADED).exists() and not exposure.opened_by():
            say(f"Cuentas de demostración (contraseña {PASSWORD}):")
            for account in ACCOUNTS:
                say(f"  {account.username:<6} {account.role}")
            say("")
        else:
            offer_first_account()
        say(f"Registros en {self.layout.logs}. Ctrl-C detiene todo sin perder nada.")

    # --- watch

    def watch(self, until: threading.Event) -> None:
        """Run until a stop is requested, whatever ends by itself."""
        while not until.wait(WATCH_SECONDS):
            self._tell_of_room()
            if not self.supervisor.is_running():
                self._start_anew(until)
                continue
            with suppress(OSError, Fault):  # busy, or ending by itself: asked again at the next round
                for state in self.supervisor.states():
                    self._look_at(state)

    def _tell_of_room(self) -> None:
        """Once when a disk takes nothing more, and once when it does again: the parts come back by themselves."""
        faults = room.faults(self.layout)
        for fault in faults:
            if fault.partition(" (")[0] not in self.room_faults:
                say(f"[aviso] {fault}; nada de lo confirmado se pierde. Al haber sitio, todo vuelve solo.")
        if self.room_faults and not faults:
            say("[aviso] vuelve a haber sitio en el disco.")
        self.room_faults = {fault.partition(" (")[0] for fault in faults}

    def _start_anew(self, until: threading.Event) -> None:
        """The process runner ended by itself (killed, out of memory): everything is started again, however often."""
        say(f"[aviso] el vigilante de procesos terminó; se vuelve a arrancar todo. Registro: {self.supervisor.log}")
        pause = ANEW_SECONDS[0]
        while not until.wait(pause):
            try:
                leftovers.stop_all(self.layout)
                self.supervisor.start(self.groups)
                self._start_others()
                return
            except (OSError, RunnerError, Fault) as error:
                pause = min(2 * pause, ANEW_SECONDS[1])
                say(f"[aviso] el vigilante de procesos no arranca ({error}); se reintenta en {pause:.0f} s.")

    def _look_at(self, state: dict[str, Any]) -> None:
        name, pid = state["name"], state["pid"]
        earlier = self.pids.get(name, 0)
        if earlier and pid != earlier and not self.room_faults:  # then it is known why, and said
            say(f"[aviso] {name} terminó; se vuelve a arrancar. Registro: {self.layout.logs / name}.log")
        if pid != earlier:
            self.pids[name] = pid
            self._end_orphans()
        self._restart_fatal(state)

    def _end_orphans(self) -> None:
        for process in leftovers.orphans(self.layout):
            with suppress(psutil.NoSuchProcess):
                process.kill()

    def _restart_fatal(self, state: dict[str, Any]) -> None:
        """supervisord gives up after some failures in a row; try again after a pause, for ever."""
        name = state["name"]
        if state["statename"] != "FATAL":
            self.fatal_since.pop(name, None)
            return
        if name not in self.fatal_since:
            self.fatal_since[name] = time.monotonic()
            if not self.room_faults:
                say(f"[aviso] {name} no arranca; se reintenta cada 30 s. Registro: {self.layout.logs / name}.log")
        if time.monotonic() - self.fatal_since[name] >= FATAL_PAUSE_SECONDS:
            self.fatal_since[name] = time.monotonic()
            self.supervisor.start_program(state["group"], name)

    # --- stop

    def stop(self) -> None:
        """Pages and work first, then the model servers, PostgreSQL and Valkey last."""
        if not self.supervisor.stop(STOP_SECONDS):
            say("Tarda demasiado; se termina a la fuerza.")
        if self.lock is not None:
            leftovers.stop_all(self.layout)


def offer_first_account() -> None:
    """Which accounts of an earlier demo were shut out; where nobody administers: the link for the first account."""
    import django
    from django.db import connections

    django.setup()
    from prsystem.accounts.selectors import users_shut_out
    from prsystem.accounts.sign_in.first_administrator import setup_link_address, setup_link_create

    if names := ", ".join(user.username for user in users_shut_out()):
        reasons = ", ".join(exposure.opened_by())
        say(
            f"Cuentas de demostración cerradas ({names}): su contraseña es pública y con {reasons} no abre nada; "
            f"sus sesiones terminaron. Sin esas variables vuelven a abrirse.\n"
        )
    if token := setup_link_create():
        say("Nadie administra todavía. Este enlace crea esa cuenta, una sola vez y en menos de una hora:")
        say(f"  {setup_link_address(token)}")
        say("Al entrar con ella, la consola guía los primeros pasos.\n")
    connections.close_all()
