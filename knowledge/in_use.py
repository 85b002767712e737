"""What answers are made with: the chat model, the prompt. The promoted one, else the environment's or the first."""

from django.conf import settings
from django.utils.module_loading import import_string

from integrations.ollama.cluster import get_cluster

from .assistant.prompts import PROMPT_VERSION, PROMPTS, SMALL_PROMPT

MODEL, PROMPT = "modelo", "prompt"
_promoted: list[str] = []


def register_promoted(path: str) -> None:
    """`path` is the dotted name of a function that says the promoted name of a kind, or an empty text; the last one
    counts."""
    _promoted[:] = [path]


def chat_model_now() -> str:
    """Empty without any."""
    return _promoted_of(MODEL) or str(settings.OLLAMA_CHAT_MODEL)


def prompt_for(model: str) -> str:
    """One of PROMPTS for a model. The small one below the chat model has its own; others what was promoted (what is no
    longer shipped doesn't count), else what fits their size."""
    if model == str(settings.OLLAMA_SMALL_MODEL) != chat_model_now():
        return SMALL_PROMPT
    if (name := _promoted_of(PROMPT)) in PROMPTS:
        return name
    return SMALL_PROMPT if model and get_cluster().is_small(model) else PROMPT_VERSION


def _promoted_of(kind: str) -> str:
    return next((name for path in _promoted if (name := str(import_string(path)(kind)))), "")
