"""The configuration file: YAML with `version` and one list per section."""

from typing import Any

import yaml
from django.apps import apps
from django.utils.translation import gettext as _

from prsystem.core.errors import InvalidInput

from .applying import VERSION, Content
from .sections import left_out, sections_of_file

MOST_CHARACTERS = 2 * 1024 * 1024


class _PlainLoader(yaml.SafeLoader):
    """Without aliases: nine lines of them can stand for billions of values."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError(_("aliases (*name) aren't taken"))
        return super().compose_node(parent, index)


class _PlainDumper(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True


def to_yaml(content: Content) -> str:
    """In the order of the sections; the same configuration gives the same text. It begins with what isn't in it."""
    return _preface() + yaml.dump(
        {"version": VERSION, **content},
        Dumper=_PlainDumper,
        allow_unicode=True,
        sort_keys=False,
        default_flow_style=False,
        width=120,
    )


def _preface() -> str:
    names = [(apps.get_model(model)._meta.verbose_name_plural, reason) for model, reason in left_out().items()]
    lines = [_("Left out on purpose:"), *(f"- {name}: {reason}" for name, reason in names)]
    return "".join(f"# {line}\n" for line in lines)


def from_yaml(text: str) -> Content:
    """The sections of a file; InvalidInput when it isn't one."""
    if len(text) > MOST_CHARACTERS:
        raise InvalidInput.field("archivo", _("The file is too large."))
    try:
        found = yaml.load(text, Loader=_PlainLoader)  # noqa: S506 -- a safe loader that takes even less
    except (yaml.YAMLError, ValueError, RecursionError) as error:  # ValueError: a day that is none
        raise InvalidInput.field("archivo", _("It isn't YAML: %(reason)s") % {"reason": error}) from error
    if not isinstance(found, dict) or found.get("version") != VERSION:
        raise InvalidInput.field(
            "archivo", _("«version: %(version)d» is expected at its beginning.") % {"version": VERSION}
        )
    known = {section.code for section in sections_of_file()}
    content = {name: items for name, items in found.items() if name != "version"}
    errors: dict[str, list[object]] = {}
    for name, items in content.items():
        if name not in known:
            errors[str(name)] = [_("Unknown section.")]
        elif not _is_list_of_items(items):
            errors[str(name)] = [_("A list is expected.")]
    if errors:
        raise InvalidInput(errors=errors)
    return {name: items or [] for name, items in content.items()}


def _is_list_of_items(items: Any) -> bool:
    return items is None or (isinstance(items, list) and all(isinstance(item, dict) for item in items))
