"""Who is told when a drill fails. Kept apart so that registering loads nothing else."""

from django.utils.module_loading import import_string

_reporters: dict[str, None] = {}


def register_failure_reporter(path: str) -> None:
    """A dotted path of a function of (title, description, reference) that opens an incident. From `AppConfig.ready()`
    of the app that owns incidents."""
    _reporters[path] = None


def failure_tell(title: str, description: str, reference: str) -> None:
    for path in _reporters:
        import_string(path)(title, description, reference)
