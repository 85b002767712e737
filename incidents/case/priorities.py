"""Priority from impact and urgency (ITIL's matrix): 1 is high, 3 is low. Pure."""

_MATRIX = {
    (1, 1): "P1",
    (1, 2): "P2",
    (2, 1): "P2",
    (1, 3): "P3",
    (2, 2): "P3",
    (3, 1): "P3",
    (2, 3): "P4",
    (3, 2): "P4",
    (3, 3): "P4",
}
_GRADES = {"P1": (1, 1), "P2": (1, 2), "P3": (2, 2), "P4": (3, 3)}


def priority_from(impact: int, urgency: int) -> str:
    return _MATRIX[impact, urgency]


def grades_of(priority: str) -> tuple[int, int]:
    """Impact and urgency that stand for a priority given as such."""
    return _GRADES[priority]
