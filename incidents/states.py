"""The state machine of an incident: which move is possible from which state. Pure."""

from .models import OPEN_STATES, State

MOVES: dict[str, frozenset[str]] = {
    "tomar": frozenset({State.NEW, State.WAITING}),
    "asignar": frozenset(OPEN_STATES),
    "soltar": frozenset({State.IN_PROGRESS, State.WAITING}),
    "escalar": frozenset(OPEN_STATES),
    "esperar": frozenset({State.IN_PROGRESS}),
    "reanudar": frozenset({State.WAITING}),
    "resolver": frozenset({State.IN_PROGRESS, State.WAITING}),
    "cerrar": frozenset({State.RESOLVED}),
    "reabrir": frozenset({State.RESOLVED, State.CLOSED}),
    "fusionar": frozenset(OPEN_STATES),
}


def is_possible(move: str, state: str) -> bool:
    return state in MOVES[move]


def possible_moves(state: str) -> list[str]:
    return [move for move, states in MOVES.items() if state in states]
