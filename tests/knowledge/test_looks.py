"""States have the colours of what can be leaned on; what votes did is said in a sentence."""

import pytest
from django.utils.translation import override

from knowledge.models import ManualEdition, Version
from knowledge.templatetags.looks import COLOURS, shift_told, state_colour


def test_colours_are_of_states_that_there_are() -> None:
    assert set(COLOURS) <= {*Version.State.values, *ManualEdition.State.values}
    assert [state_colour(state) for state in (Version.State.PUBLISHED, ManualEdition.State.IN_USE)] == ["green"] * 2
    assert [state_colour(state) for state in (Version.State.RECALLED, ManualEdition.State.FAILED)] == ["red"] * 2
    assert state_colour(Version.State.REVIEW) == "amber" and state_colour(Version.State.SUPERSEDED) == "gray"


@pytest.mark.parametrize(
    "shift, told",
    [
        (0.02, "Moved up a little by what people said"),
        (-0.02, "Moved down a little by what people said"),
        (0.0, "What people said did not move it"),
    ],
)
def test_what_votes_did_is_a_sentence(shift: float, told: str) -> None:
    with override("en"):
        assert shift_told(shift) == told
