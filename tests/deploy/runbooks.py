"""The commands in docs/runbooks: lines of shell blocks and inline code that begins with a program."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from prsystem.runner.program import PROJECT

FOLDER = PROJECT / "docs" / "runbooks"
PAGES = sorted(FOLDER.rglob("*.md"))
# What a reader puts in, as the smallest fleet and the examples of deploy/ have it.
PLACES = {
    "REGISTRO": "registro.example",
    ":NUEVA": ":0.2.0",
    "prs_postgresN": "prs_postgres1",
    "prs_ollamaN": "prs_ollama1",
    "SITIO": "pr.planta.example",
    "NODO": "nodo3",
    "PREFIJO": "prs_abcd1234",
    "config rm NOMBRE": "config rm viejo",
    "reinit prs NOMBRE": "reinit prs postgres1",
    "$DIRECCION_DEL_DUENO": "postgresql://prs_owner:x@postgres1/prs",
    "/root/secretos": "secretos",
    "deploy/.env": "deploy/env.example",
    "docker compose …": "docker compose -f deploy/compose.yml --env-file deploy/env.example",
    "… exec": "docker compose -f deploy/compose.yml --env-file deploy/env.example exec",
    "… up": "docker compose -f deploy/compose.yml --env-file deploy/env.example up",
}
PROGRAM = re.compile(
    r"(sudo )?(docker|manage\.py|\.venv/bin/\w+|make|deploy/[\w./-]+|openssl|psql|patronictl|curl|ldapsearch"
    r"|age-keygen|cp|git|export|echo|ollama|nvidia-smi|df|sh)(?= |$)"
)


@dataclass(frozen=True)
class Line:
    page: str
    text: str

    def __str__(self) -> str:
        return f"{self.page}: {self.text}"


def filled(text: str) -> str:
    for word, value in PLACES.items():
        text = text.replace(word, value)
    return text


def blocks(text: str) -> Iterator[str]:
    """Whole commands of the shell blocks, continued lines joined."""
    for block in re.findall(r"^ *```sh\n(.*?)^ *```", text, re.S | re.M):
        yield from (line.strip() for line in re.sub(r"\\\n\s*", "", block).splitlines() if line.strip())


def spans(text: str) -> Iterator[str]:
    plain = re.sub(r"^ *```.*?^ *```", "", text, flags=re.S | re.M)
    for span in re.findall(r"`([^`]+)`", plain):
        joined = " ".join(span.split())
        joined = re.sub(r" ?\[[^\]]*\]", "", joined)  # what may be left out
        if " " in joined and PROGRAM.match(filled(joined)):
            yield joined


def commands(page: Path) -> list[Line]:
    text = page.read_text(encoding="utf-8")
    name = str(page.relative_to(FOLDER))
    return [Line(name, re.sub(r"\s+# .*", "", filled(found))) for found in (*blocks(text), *spans(text))]


ALL = [line for page in PAGES for line in commands(page)]
