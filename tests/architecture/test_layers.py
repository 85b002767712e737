"""The rules of layers and app order, checked over the import graph and the syntax trees of the product."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
APPS = ["prsystem/core", "prsystem/runtime", "audit", "prsystem/accounts", "integrations", "knowledge", "incidents"]
FRAGMENTS_OF_WRITES = {"create", "bulk_create", "get_or_create", "update_or_create", "save", "delete", "bulk_update"}
CLIENTS = ("integrations.ollama.client", "integrations.ollama.cluster", "integrations.chroma", "integrations.embedder")
SURFACES = ("views", "forms", "urls", "api", "templatetags")
# From low to high: each may import those before it, and nothing after it.
CAPABILITIES = {
    "incidents": (
        *("case", "sla", "notices", "relations", "similar", "triage", "suggestions", "exams", "answers"),
        *("emergencies", "moves", "escalation", "intake", "gaps", "macros", "desk", "board", "shifts", "views", "api"),
    ),
}
# Files of a capability that show: pages of the console, files, documented shapes, pieces of HTML.
SHOWING = (
    "console",
    "edits_console",
    "exporting",
    "serializers",
    "shapes",
    "mcp",
    "badges",
    "rows",
    "timeline",
    "parts",
)
KINDS = (*SURFACES, "selectors", "models", "admin", "services", "tasks")


def modules(app: str) -> Iterator[Path]:
    return (p for p in sorted((ROOT / app).rglob("*.py")) if "migrations" not in p.parts)


def imports(path: Path) -> Iterator[str]:
    """Absolute names of everything imported in a file, relative imports resolved."""
    package = path.relative_to(ROOT).with_suffix("").parts
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = (
                package[: -node.level] if node.level and path.name != "__init__.py" else package[: -1 - node.level + 1]
            )
            module = ".".join([*base, node.module or ""]).strip(".") if node.level else node.module or ""
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names)


def layer(path: Path, app: str) -> str:
    """What a file is, by its name or by the folder that holds it: services, selectors, views, api... `sla/views.py` and
    `shifts/mail_views.py` are views as `views/detail.py` is. What is named after its subject does work: services."""
    *folders, stem = path.relative_to(ROOT / app).with_suffix("").parts
    named = [name for part in (*folders, stem) for name in KINDS if part == name or part.endswith(f"_{name}")]
    if named:
        return named[0]
    if folders and folders[0] in CAPABILITIES.get(app, ()):
        return stem if stem in SHOWING else "services"
    old = [name for name in KINDS if stem.startswith(f"{name}_")]
    return old[0] if old else (*folders, stem)[0]


def within(name: str, app: str) -> bool:
    dotted = app.replace("/", ".")
    return name == dotted or name.startswith(dotted + ".")


@pytest.mark.parametrize("position", range(len(APPS)))
def test_a_lower_app_never_imports_a_higher_one(position: int) -> None:
    app, higher = APPS[position], APPS[position + 1 :]
    wrong = [f"{path}: {name}" for path in modules(app) for name in imports(path) for up in higher if within(name, up)]
    assert not wrong


def every(*layers: str) -> list[tuple[str, Path]]:
    return [(app, path) for app in APPS for path in modules(app) if layer(path, app) in layers]


def test_the_walk_sees_the_product() -> None:
    assert len(every("services")) > 10
    assert any("incidents.case.models" in imports(path) for _, path in every("services"))


def orm_writes(path: Path) -> list[str]:
    """Calls such as `Incident.objects.create(...)` or `.filter(...).update(...)` in a file."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        text = ast.unparse(node.func)
        on_manager = ".objects" in text or ".filter(" in text
        if (node.func.attr in FRAGMENTS_OF_WRITES | {"update"} and on_manager) or (
            node.func.attr in ("save", "delete") and not text.startswith(("super()", "self.client", "form."))
        ):
            found.append(f"{path.relative_to(ROOT)}:{node.lineno} {text}")
    return found


def test_surfaces_and_selectors_never_write_through_the_orm() -> None:
    surfaces = every(*SURFACES, "selectors") + [(a, p) for a, p in every("management") if p.name != "__init__.py"]
    assert not [write for _, path in surfaces for write in orm_writes(path)]


def test_surfaces_and_selectors_never_use_clients() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}: {name}"
        for _, path in every(*SURFACES, "selectors", "models")
        for name in imports(path)
        if name.startswith(CLIENTS)
    ]
    assert not wrong


def surface_modules() -> set[str]:
    return {".".join(path.relative_to(ROOT).with_suffix("").parts) for _, path in every(*SURFACES)}


def test_services_never_import_surfaces() -> None:
    forbidden = ("django.http", "django.shortcuts", "rest_framework", "django.forms")
    surfaces = surface_modules()
    wrong = [
        f"{path.relative_to(ROOT)}: {name}"
        for app, path in every("services", "selectors", "models", "tasks")
        for name in imports(path)
        if name.startswith(forbidden) or name in surfaces
    ]
    assert not wrong


def test_clients_know_no_models_and_no_services() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in (p for folder in ("ollama", "embedder") for p in (ROOT / "integrations" / folder).rglob("*.py"))
        for name in imports(path)
        if name.endswith((".models", ".services")) or name.startswith(("knowledge", "incidents", "audit"))
    ]
    assert not wrong


def test_nothing_but_core_http_makes_outgoing_clients() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}: {node.lineno}"
        for app in APPS
        for path in modules(app)
        if path.relative_to(ROOT).as_posix() != "prsystem/core/outgoing/http.py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func)
        in ("httpx.Client", "httpx.AsyncClient", "httpx.get", "httpx.post", "requests.get", "aiohttp.ClientSession")
    ]
    assert not wrong


def packages(app: str) -> set[str]:
    """Folders of an app that hold its code: not what Django asks for, and not the demo, which composes everything."""
    django_s = {"management", "migrations", "templatetags", "demo"}
    return {p.parent.relative_to(ROOT / app).parts[0] for p in modules(app) if p.parent != ROOT / app} - django_s


@pytest.mark.parametrize("app", CAPABILITIES)
def test_every_capability_has_its_place_in_the_order(app: str) -> None:
    assert packages(app) == set(CAPABILITIES[app])


@pytest.mark.parametrize(
    ("app", "position"), [(app, at) for app, all_ in CAPABILITIES.items() for at in range(len(all_))]
)
def test_a_capability_never_imports_one_above_it(app: str, position: int) -> None:
    """Nor the modules at the top of its app: those compose it."""
    below = {*CAPABILITIES[app][: position + 1]}
    capability = CAPABILITIES[app][position]
    wrong = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in modules(f"{app}/{capability}")
        for name in imports(path)
        if within(name, app) and name != app and name.split(".")[len(app.split("/"))] not in below
    ]
    assert not wrong


MOST_FILES = 20
TIDY = ("incidents", "prsystem", "audit", "integrations", "tests")


@pytest.mark.parametrize("app", TIDY)
def test_a_folder_holds_what_one_can_look_over(app: str) -> None:
    folders = {path.parent for path in modules(app)} - {ROOT / "tests" / "knowledge"}
    crowded = {f.relative_to(ROOT).as_posix(): n for f in folders if (n := len(list(f.glob("*.py")))) > MOST_FILES}
    assert not crowded


@pytest.mark.parametrize("app", CAPABILITIES)
def test_no_file_says_by_a_prefix_what_a_folder_should_say(app: str) -> None:
    assert not [str(p) for p in modules(app) if p.stem.partition("_")[0] in KINDS and "_" in p.stem.strip("_")]
