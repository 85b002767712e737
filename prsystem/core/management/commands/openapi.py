"""`manage.py openapi`: write the OpenAPI document of the API to docs/openapi.yaml."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiYamlRenderer

DOCUMENT = Path(settings.BASE_DIR) / "docs" / "openapi.yaml"
BASELINE = DOCUMENT.with_name("openapi-base.yaml")  # the API that others were promised last


class Command(BaseCommand):
    help = (
        "Write docs/openapi.yaml from the code; --check only compares, --json prints, --baseline promises it to others."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="fail when the file isn't up to date")
        parser.add_argument("--baseline", action="store_true", help="write it to docs/openapi-base.yaml too")
        parser.add_argument("--json", action="store_true", help="print the document as JSON and write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        schema = document()
        if options["json"]:
            self.stdout.write(json.dumps(schema, ensure_ascii=False, default=str))
            return
        text = OpenApiYamlRenderer().render(schema, renderer_context={}).decode()
        if not options["check"]:
            for path in (DOCUMENT, BASELINE)[: 1 + options["baseline"]]:
                path.write_text(text, encoding="utf-8")
            self.stdout.write(f"{DOCUMENT.relative_to(settings.BASE_DIR)}: {len(schema['paths'])} paths")
        elif not DOCUMENT.exists() or DOCUMENT.read_text(encoding="utf-8") != text:
            raise CommandError("docs/openapi.yaml isn't up to date: run `manage.py openapi`")


def document() -> dict[str, Any]:
    """The document in Spanish; CommandError when the generator had to guess anything."""
    with translation.override("es"):
        GENERATOR_STATS.reset()
        schema = SchemaGenerator().get_schema(request=None, public=True)
    if GENERATOR_STATS:
        GENERATOR_STATS.emit_summary()
        raise CommandError("the document has warnings")
    return schema
