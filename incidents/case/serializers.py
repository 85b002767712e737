"""Bodies that moves of a case take, and how a case is documented. Rules are in services."""

from rest_framework import serializers

from prsystem.core.api.fields import WholeNumber


class VersionIn(serializers.Serializer):
    """`version` is the edit counter that the caller saw; another one by now is a 409."""

    version = WholeNumber(required=False)


class TargetsOut(serializers.Serializer):
    respuesta_vence_en = serializers.DateTimeField(allow_null=True)
    resolucion_vence_en = serializers.DateTimeField(allow_null=True)
    pausado = serializers.BooleanField()
    riesgo = serializers.ChoiceField(["ok", "en_riesgo", "vencido"])


class EmergencyOut(serializers.Serializer):
    """`motivo`: what tells the danger; `indicaciones`: what the site wants done."""

    activa = serializers.BooleanField()
    motivo = serializers.CharField()
    indicaciones = serializers.CharField()


class IncidentOut(serializers.Serializer):
    id = serializers.CharField()
    numero = serializers.CharField()
    titulo = serializers.CharField()
    descripcion = serializers.CharField()
    area = serializers.CharField()
    estado = serializers.CharField()
    nivel = serializers.CharField()
    prioridad = serializers.CharField()
    impacto = serializers.IntegerField()
    urgencia = serializers.IntegerField()
    origen = serializers.CharField()
    referencia_externa = serializers.CharField()
    reportado_por = serializers.CharField()
    asignado_a = serializers.CharField(allow_null=True)
    creado_en = serializers.DateTimeField()
    actualizado_en = serializers.DateTimeField()
    sla = TargetsOut()
    solucion = serializers.CharField()
    causa = serializers.CharField()
    motivo_espera = serializers.CharField()
    fusionada_en = serializers.CharField(allow_null=True)
    emergencia = EmergencyOut()
    acciones = serializers.ListField(child=serializers.CharField())
    version = serializers.IntegerField()


class CommentOut(serializers.Serializer):
    """`incidencia`: where it was said, another one when that was merged into this."""

    id = serializers.CharField()
    incidencia = serializers.CharField()
    autor = serializers.CharField()
    cuerpo = serializers.CharField()
    interno = serializers.BooleanField()
    creado_en = serializers.DateTimeField()


class PersonOut(serializers.Serializer):
    usuario = serializers.CharField()
    nombre = serializers.CharField()


class AttachmentOut(serializers.Serializer):
    id = serializers.CharField()
    nombre = serializers.CharField()
    tipo = serializers.CharField()
    bytes = serializers.IntegerField()
    sha256 = serializers.CharField()
    interno = serializers.BooleanField()
    revision = serializers.CharField(help_text="'' | retenido | limpio | infectado")
    subido_por = serializers.CharField(allow_null=True)
    creado_en = serializers.DateTimeField()
    url = serializers.CharField()
