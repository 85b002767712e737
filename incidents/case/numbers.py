"""Incident numbers: INC-000123 is the incident with id 123."""

import re

_NUMBER = re.compile(r"(?:INC-?)?0*([1-9]\d{0,17})", re.IGNORECASE | re.ASCII)


def incident_number(incident_id: int) -> str:
    return f"INC-{incident_id:06d}"


def incident_id_from(text: str) -> int | None:
    """The id in `INC-000123`, `inc-123` or `123`; None for anything else."""
    match = _NUMBER.fullmatch(text.strip())
    return int(match[1]) if match else None
