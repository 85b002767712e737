"""What answers are made with: the chat model, the prompt. The promoted one, else the environment's or the first."""

from django.conf import settings
from django.utils.module_loading import import_string

from .assistant.prompts import PROMPT_VERSION, PROMPTS

MODEL, PROMPT = "modelo", "prompt"
_promoted: list[str] = []


def register_promoted(path: str) -> None:
    """`path` is the dotted name of a function that says the promoted name of a kind, or an empty text; the last one
    counts."""
    _promoted[:] = [path]


def chat_model_now() -> str:
    """Empty without any."""
    return _promoted_of(MODEL) or str(settings.OLLAMA_CHAT_MODEL)


def prompt_now() -> str:
    """One of PROMPTS; what was promoted and is no longer shipped gives way to the first."""
    name = _promoted_of(PROMPT)
    return name if name in PROMPTS else PROMPT_VERSION


def _promoted_of(kind: str) -> str:
    return next((name for path in _promoted if (name := str(import_string(path)(kind)))), "")
