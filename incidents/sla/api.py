"""The targets of an incident, explained."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from incidents.case.api import IncidentView
from incidents.case.choices import Timer
from incidents.case.shapes import moment

from .explaining import Counted, TimerStory, sla_explain
from .models import IncidentPause, SlaMark

STATES = ("ok", "en_riesgo", "vencido", "pausado", "cumplido", "incumplido")


class IntervalOut(serializers.Serializer):
    desde = serializers.DateTimeField()
    hasta = serializers.DateTimeField(allow_null=True)
    segundos = serializers.IntegerField(help_text="Segundos de tiempo de trabajo.")


class PauseOut(IntervalOut):
    tipo = serializers.ChoiceField(IncidentPause.Kind.values)
    motivo = serializers.CharField(allow_blank=True)


class MarkOut(serializers.Serializer):
    que = serializers.ChoiceField(SlaMark.What.values)
    regla = serializers.CharField(allow_null=True)
    en = serializers.DateTimeField()


class CalendarOut(serializers.Serializer):
    nombre = serializers.CharField(allow_blank=True)
    zona = serializers.CharField()


class TimerOut(serializers.Serializer):
    plazo = serializers.ChoiceField(Timer.values)
    estado = serializers.ChoiceField(STATES)
    politica = serializers.CharField(allow_blank=True)
    calendario = CalendarOut()
    empezo_en = serializers.DateTimeField()
    en_riesgo_en = serializers.DateTimeField()
    vence_en = serializers.DateTimeField()
    termino_en = serializers.DateTimeField(allow_null=True)
    objetivo_segundos = serializers.IntegerField()
    usado_segundos = serializers.IntegerField()
    pausado_segundos = serializers.IntegerField()
    pausas = PauseOut(many=True)
    intervalos = IntervalOut(many=True)
    intervalos_omitidos = serializers.IntegerField()
    avisos = MarkOut(many=True)


class SlaOut(serializers.Serializer):
    numero = serializers.CharField()
    plazos = TimerOut(many=True)


class SlaView(IncidentView):
    @extend_schema(operation_id="incidencias_sla", tags=["incidencias"], responses=SlaOut)
    def get(self, request: Request, **kwargs: str) -> Response:
        """Each target with its policy, calendar, pauses and the intervals that were counted."""
        incident = self.incident(request)
        return Response({"numero": incident.number, "plazos": [_timer(story) for story in sla_explain(incident)]})


def _timer(story: TimerStory) -> dict[str, Any]:
    return {
        "plazo": story.timer.value,
        "estado": story.state,
        "politica": story.policy,
        "calendario": {"nombre": story.calendar.name, "zona": story.calendar.zone},
        "empezo_en": moment(story.started_at),
        "en_riesgo_en": moment(story.warn_at),
        "vence_en": moment(story.due_at),
        "termino_en": moment(story.ended_at),
        "objetivo_segundos": story.target_seconds,
        "usado_segundos": story.used_seconds,
        "pausado_segundos": story.paused_seconds,
        "pausas": [{**_counted(pause), "tipo": pause.kind, "motivo": pause.reason} for pause in story.pauses],
        "intervalos": [_counted(interval) for interval in story.intervals],
        "intervalos_omitidos": story.intervals_left_out,
        "avisos": [
            {"que": mark.what, "regla": mark.rule.name if mark.rule else None, "en": moment(mark.at)}
            for mark in story.marks
        ],
    }


def _counted(counted: Counted) -> dict[str, Any]:
    return {"desde": moment(counted.since), "hasta": moment(counted.until), "segundos": counted.seconds}
