"""The steps of the first-run guide: apps register theirs in `AppConfig.ready()`; what was taken is a setting."""

from dataclasses import dataclass
from typing import Any

from django.utils.module_loading import import_string

from prsystem.core.context import Actor
from prsystem.core.errors import Missing

from .selectors import get_setting
from .services import setting_set

STEPS_SETTING = "setup.steps"
SKIPPED = "-"


@dataclass(frozen=True)
class Step:
    """`form` is a dotted path of a form made with `actor`, whose `save` calls services and raises InvalidInput.

    `is_repeated` offers to add another one. Steps come in the order of `position`.
    """

    code: str
    position: int
    title: Any
    text: Any
    form: str
    is_repeated: bool = False

    def make_form(self, data: Any, actor: Actor) -> Any:
        """The step's form, empty when `data` is None."""
        return import_string(self.form)(data, actor=actor)


_steps: dict[str, Step] = {}


def register(step: Step) -> None:
    _steps[step.code] = step


def steps() -> list[Step]:
    return sorted(_steps.values(), key=lambda step: step.position)


def step_of(code: str) -> Step:
    if code not in _steps:
        raise Missing()
    return _steps[code]


@dataclass(frozen=True)
class Progress:
    """`done` and `skipped` are codes of steps; `next` is the first step neither done nor skipped."""

    done: list[str]
    skipped: list[str]
    next: Step | None

    @property
    def taken(self) -> int:
        return len(self.done) + len(self.skipped)


def progress() -> Progress:
    kept = get_setting(STEPS_SETTING)
    done = [step.code for step in steps() if step.code in kept]
    skipped = [step.code for step in steps() if step.code not in done and SKIPPED + step.code in kept]
    following = next((step for step in steps() if step.code not in (*done, *skipped)), None)
    return Progress(done, skipped, following)


def step_take(*, actor: Actor, code: str, is_skipped: bool = False) -> None:
    """Remember that a step was done or skipped; one that is done stays done."""
    kept = get_setting(STEPS_SETTING)
    mark = SKIPPED + code if is_skipped else code
    if code not in kept and mark not in kept:
        others = [known for known in kept if known != SKIPPED + code]
        setting_set(actor=actor, key=STEPS_SETTING, value=[*others, mark])
