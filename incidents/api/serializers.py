"""Bodies that the incident endpoints take, and their answers for the schema. Rules are in services."""

from rest_framework import serializers

from incidents.case.serializers import IncidentOut, VersionIn
from knowledge.api.serializers import TwinOut
from prsystem.core.api.fields import Flag, Text, WholeNumber


class ReportIn(serializers.Serializer):
    titulo = Text()
    descripcion = Text()
    area = Text()
    prioridad = Text(required=False)
    impacto = WholeNumber(required=False)
    urgencia = WholeNumber(required=False)
    referencia_externa = Text(required=False)


class CorrectionIn(VersionIn):
    titulo = Text(required=False)
    descripcion = Text(required=False)
    area = Text(required=False)
    prioridad = Text(required=False)
    impacto = WholeNumber(required=False)
    urgencia = WholeNumber(required=False)


class AssignIn(VersionIn):
    asignado_a = Text()


class EscalateIn(VersionIn):
    motivo = Text()
    nivel = Text(required=False)


class ReasonIn(VersionIn):
    motivo = Text()


class ResolveIn(VersionIn):
    solucion = Text()
    causa = Text(required=False)
    articulo = Text(required=False, allow_null=True, max_length=120)
    publicar = Flag(required=False)
    hijas = Text(required=False, max_length=20)


class CloseIn(VersionIn):
    """`hijas`: «dejar» closes it although children are open."""

    hijas = Text(required=False, max_length=20)


class LinkIn(serializers.Serializer):
    """`tipo`: what this incident is to the other: relacionada, duplicada, padre or hija."""

    incidencia = Text(max_length=40)
    tipo = Text(required=False, max_length=20)


class SplitIn(VersionIn):
    """`comentarios` and `adjuntos`: the ids of those that go along."""

    titulo = Text()
    descripcion = Text()
    comentarios = serializers.ListField(child=Text(max_length=20), required=False, max_length=500)
    adjuntos = serializers.ListField(child=Text(max_length=20), required=False, max_length=100)


class LinkedOut(serializers.Serializer):
    numero = serializers.CharField()
    id = serializers.CharField()
    titulo = serializers.CharField()
    estado = serializers.CharField()


class LinkOut(serializers.Serializer):
    """`tipo`: what this incident is to the other; «original» has the other as its duplicate."""

    id = serializers.CharField()
    tipo = serializers.ChoiceField(["padre", "hija", "relacionada", "duplicada", "original"])
    incidencia = LinkedOut()


class MergeIn(VersionIn):
    """`en`: the incident that this one goes into. `incidencias`: those that go into this one."""

    en = Text(max_length=40, required=False)
    incidencias = serializers.ListField(child=Text(max_length=40), required=False, max_length=500)


class ActionDataIn(serializers.Serializer):
    """What the action asks for; `en` of a merge is the oldest of those chosen when it isn't given."""

    asignado_a = Text(required=False)
    motivo = Text(required=False)
    nivel = Text(required=False)
    prioridad = Text(required=False)
    area = Text(required=False)
    en = Text(required=False, max_length=40)


class ActionFilterIn(serializers.Serializer):
    """The filters of the list."""

    estado = Text(required=False)
    nivel = Text(required=False)
    prioridad = Text(required=False)
    area = Text(required=False)
    asignado_a = Text(required=False)
    q = Text(required=False)


class ActionIn(serializers.Serializer):
    """Either `ids` (ids or numbers) or `filtro`."""

    ids = serializers.ListField(child=Text(max_length=40), required=False)
    filtro = ActionFilterIn(required=False)
    accion = Text()
    datos = ActionDataIn(required=False)


class ActionRowOut(serializers.Serializer):
    """`codigo` and `motivo` say why one was refused."""

    id = serializers.CharField()
    numero = serializers.CharField()
    resultado = serializers.ChoiceField(["hecha", "rechazada"])
    codigo = serializers.CharField()
    motivo = serializers.CharField()


class ActionOut(serializers.Serializer):
    accion = serializers.CharField()
    hechas = serializers.IntegerField()
    rechazadas = serializers.IntegerField()
    resultados = ActionRowOut(many=True)


class CommentIn(serializers.Serializer):
    cuerpo = Text()
    interno = Flag(required=False)


class FileIn(serializers.Serializer):
    archivo = serializers.FileField(allow_empty_file=True, max_length=None)
    interno = Flag(required=False)


class LearnedOut(serializers.Serializer):
    """`gemelos` only when a new article was made although others may be about the same problem."""

    articulo = serializers.CharField()
    version = serializers.CharField()
    estado = serializers.CharField()
    gemelos = TwinOut(many=True, required=False)


class ResolvedOut(serializers.Serializer):
    incidencia = IncidentOut()
    conocimiento = LearnedOut()


class TimelineOut(serializers.Serializer):
    id = serializers.CharField()
    tipo = serializers.ChoiceField(["cambio", "comentario"])
    momento = serializers.DateTimeField()
    actor = serializers.CharField()
    accion = serializers.CharField()
    detalles = serializers.DictField()
    cuerpo = serializers.CharField()
    interno = serializers.BooleanField()


class LikelyOut(serializers.Serializer):
    """`parecido` goes from 0 to 1, by common words; below 0.5 the meaning told it."""

    id = serializers.CharField()
    numero = serializers.CharField()
    titulo = serializers.CharField()
    area = serializers.CharField()
    estado = serializers.CharField()
    parecido = serializers.FloatField()


class SimilarOut(serializers.Serializer):
    id = serializers.CharField()
    numero = serializers.CharField()
    titulo = serializers.CharField()
    area = serializers.CharField()
    estado = serializers.CharField()
    solucion = serializers.CharField()
    motivo = serializers.ChoiceField(["conocimiento", "texto"])
