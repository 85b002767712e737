"""The tools that apps offer, registered by dotted path: web processes load them, and the SDK, at the first call."""

from dataclasses import dataclass

from prsystem.core.context import Actor


@dataclass(frozen=True)
class Tool:
    """`function` takes a Caller and its own arguments and returns a JSON object. Only keys with `scope` see it."""

    name: str
    function: str
    scope: str
    is_read_only: bool = True


@dataclass(frozen=True)
class Caller:
    """Who calls a tool, and the address of this site for links."""

    actor: Actor
    site: str


_tools: dict[str, Tool] = {}


def register(tool: Tool) -> None:
    """Called from `AppConfig.ready()` of the app that owns what the tool shows."""
    _tools[tool.name] = tool


def tools_for(scopes: frozenset[str]) -> list[Tool]:
    return [tool for tool in _tools.values() if tool.scope in scopes]
