"""The accounts of the demonstration: made by `manage.py demo`, shown by `make run`. A contract, see README.md."""

from typing import NamedTuple

PASSWORD = "Demostracion-2026"  # noqa: S105  published on purpose; it opens nothing on a site that others reach


class DemoAccount(NamedTuple):
    """One person; `role` is what the start screen says of them, in Spanish."""

    username: str
    role: str


ACCOUNTS = (
    DemoAccount("ana", "reporta incidencias"),
    DemoAccount("luis", "ingeniería de nivel 1"),
    DemoAccount("marta", "ingeniería de nivel 2"),
    DemoAccount("ivan", "ingeniería de nivel 3"),
    DemoAccount("eva", "administración"),
)
