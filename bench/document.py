"""`docs/rendimiento.md`: the figures of a run, with where and when they were measured."""

import os
import platform
import time
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

import django
import psutil

from prsystem.runner.program import PROJECT

from .figures import HEADINGS, Figure, cells

PATH = PROJECT / "docs" / "rendimiento.md"
TEXT = """# Rendimiento

Medido con `make bench` el {date}: {machine}. La medición completa tardó {seconds:.0f} s.
Cada cifra está junto a su piso: lo mínimo que cuesta el mismo trabajo, medido en la misma ejecución y por turnos con
lo medido, de modo que una máquina ocupada frena a los dos por igual. La razón es lo que cuenta; los milisegundos
dependen de la máquina y de lo que haga además.

Pisos: reportar, una vista de DRF sin middleware ni sesión con tres inserciones por el ORM; listas, un cursor de 50
filas y cadenas unidas; detalle, una fila de una consulta; búsqueda, la sentencia SQL por palabras; segundo arranque,
PostgreSQL y Valkey solos; sellar, los mismos reportes sin sellador; barrido, las mismas filas escritas por cuatro
sentencias; turnos, el mismo reporte sin nada más que hacer; webhooks, un bucle desnudo de aiohttp. Los clientes van en
bucle cerrado, sin pausa, y comparten los núcleos con los servidores. "CPU" es la de los procesos web por petición.

{tables}

## Cómo repetirlo

`make bench` mide todo; `.venv/bin/python -m bench list detail` mide sólo esos grupos (`--help` los nombra);
`--json FICHERO` guarda las cifras; `--report` escribe esta página; `--data CARPETA` conserva los datos
para otra medición.
"""


def write_document(figures: Sequence[Figure], seconds: float) -> Path:
    """Replace the document by one with these figures."""
    tables = [_table(suite, list(rows)) for suite, rows in groupby(figures, key=lambda figure: figure.suite)]
    text = TEXT.format(date=time.strftime("%Y-%m-%d"), machine=_machine(), seconds=seconds, tables="\n\n".join(tables))
    PATH.write_text(text, encoding="utf-8")
    return PATH


def _table(suite: str, figures: list[Figure]) -> str:
    lines = [(*HEADINGS[:-1], "Cumple"), ("---", *["---:"] * (len(HEADINGS) - 1)), *map(cells, figures)]
    return f"## {suite}\n\n" + "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _machine() -> str:
    memory = psutil.virtual_memory().total / 2**30
    load = os.getloadavg()[1]
    return (
        f"{os.cpu_count()} núcleos, {memory:.0f} GB de memoria, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}, Django {django.__version__}, carga media de la máquina {load:.1f}"
    )
