"""Which chat model writes answers: the promoted one, else the environment's."""

from django.conf import settings
from django.utils.module_loading import import_string

_promoted: list[str] = []


def register_promoted(path: str) -> None:
    """`path` is the dotted name of a function that says the promoted model, or an empty text; the last one counts."""
    _promoted[:] = [path]


def chat_model_now() -> str:
    """Empty without any."""
    for path in _promoted:
        if name := str(import_string(path)()):
            return name
    return str(settings.OLLAMA_CHAT_MODEL)
