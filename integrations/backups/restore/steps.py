"""What is made anew from a restored database, such as an index: dotted paths, imported when they are needed."""

from django.utils.module_loading import import_string

_steps: dict[str, None] = {}


def register_after_restore(step: str) -> None:
    """A function without arguments. From `AppConfig.ready()` of the app that owns it."""
    _steps[step] = None


def run_after_restore() -> None:
    for step in _steps:
        import_string(step)()
