"""`make client`: the part of docs/openapi.yaml that integrators call, and the typed Python client made from it.

`openapi.sha256` is the hash of that part, so that changes elsewhere in the API don't make the client stale.
"""

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).resolve().parent
DOCUMENT = HERE.parents[1] / "openapi.yaml"
HASH, CLIENT = HERE / "openapi.sha256", HERE / "pr_system_client"
TAGS = {"auth", "externo", "incidencias", "conocimiento"}
PREFIX = "#/components/schemas/"


def surface(document: dict[str, Any]) -> dict[str, Any]:
    """The operations of TAGS, and the schemas that they need."""
    paths = {}
    for path, methods in document["paths"].items():
        if kept := {name: each for name, each in methods.items() if TAGS & set(each["tags"])}:
            paths[path] = kept
    schemas, needed, waiting = document["components"]["schemas"], {}, sorted(set(_references(paths)))
    while waiting:
        name = waiting.pop()
        if name not in needed:
            needed[name] = schemas[name]
            waiting += set(_references(schemas[name]))
    components = {**document["components"], "schemas": dict(sorted(needed.items()))}
    return {**document, "paths": paths, "components": components}


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if str(value.get("$ref", "")).startswith(PREFIX):
            yield value["$ref"].removeprefix(PREFIX)
        value = list(value.values())
    if isinstance(value, list):
        for inner in value:
            yield from _references(inner)


def _without_texts(value: Any) -> Any:
    if isinstance(value, dict):
        texts = [name for name in ("description", "summary") if isinstance(value.get(name), str)]
        return {name: _without_texts(inner) for name, inner in value.items() if name not in texts}
    return [_without_texts(inner) for inner in value] if isinstance(value, list) else value


def present() -> tuple[dict[str, Any], str]:
    """The part of the document as it is now, and its hash, which other words for the same thing don't change."""
    part = surface(yaml.safe_load(DOCUMENT.read_text(encoding="utf-8")))
    told = _without_texts({"paths": part["paths"], "components": part["components"]})
    text = json.dumps(told, sort_keys=True, default=str)
    return part, hashlib.sha256(text.encode()).hexdigest()


def main() -> int:
    part, digest = present()
    with tempfile.TemporaryDirectory() as folder:
        source, made = Path(folder) / "openapi.json", Path(folder) / "client"
        source.write_text(json.dumps(part, default=str), encoding="utf-8")
        generator = shutil.which("openapi-python-client") or "openapi-python-client"  # of `make client`
        options = ["--meta", "none", "--output-path", str(made)]
        subprocess.run([generator, "generate", "--path", str(source), *options], check=True)
        shutil.rmtree(CLIENT, ignore_errors=True)
        shutil.move(made, CLIENT)
    HASH.write_text(f"{digest}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
