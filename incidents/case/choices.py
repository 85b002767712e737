"""The words that a case is told by: state, level, priority, grade. Everything else stands on them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    NEW = "nuevo", _("New")
    IN_PROGRESS = "en_progreso", _("In progress")
    WAITING = "en_espera", _("Waiting")
    RESOLVED = "resuelto", _("Resolved")
    CLOSED = "cerrado", _("Closed")


OPEN_STATES = (State.NEW, State.IN_PROGRESS, State.WAITING)


class Level(models.TextChoices):
    L1 = "L1", "L1"
    L2 = "L2", "L2"
    L3 = "L3", "L3"


class Priority(models.TextChoices):
    P1 = "P1", _("P1 Critical")
    P2 = "P2", _("P2 High")
    P3 = "P3", _("P3 Normal")
    P4 = "P4", _("P4 Low")


class Grade(models.IntegerChoices):
    HIGH = 1, _("High")
    MEDIUM = 2, _("Medium")
    LOW = 3, _("Low")


# The codes alone, for columns that name a level or a priority without being that of a case.
LEVELS = [("L1", "L1"), ("L2", "L2"), ("L3", "L3")]
PRIORITIES = [("P1", "P1"), ("P2", "P2"), ("P3", "P3"), ("P4", "P4")]


class Timer(models.TextChoices):
    """The two clocks of an incident; the values are the API's."""

    RESPONSE = "respuesta", _("First response")
    RESOLUTION = "resolucion", _("Resolution")
