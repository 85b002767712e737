"""Bodies that the incident endpoints take, and their answers for the schema. Rules are in services."""

from rest_framework import serializers

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


class VersionIn(serializers.Serializer):
    """`version` is the edit counter that the caller saw; another one by now is a 409."""

    version = WholeNumber(required=False)


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


class RatingIn(serializers.Serializer):
    util = Flag()
    comentario = Text(required=False)
    cita = WholeNumber(required=False, allow_null=True, max_value=32_767)


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


class LearnedOut(serializers.Serializer):
    """`gemelos` only when a new article was made although others may be about the same problem."""

    articulo = serializers.CharField()
    version = serializers.CharField()
    estado = serializers.CharField()
    gemelos = TwinOut(many=True, required=False)


class ResolvedOut(serializers.Serializer):
    incidencia = IncidentOut()
    conocimiento = LearnedOut()


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


class CitationOut(serializers.Serializer):
    n = serializers.IntegerField()
    articulo = serializers.CharField()
    version = serializers.CharField()
    fragmento = serializers.CharField()
    retirada = serializers.BooleanField()
    url = serializers.CharField()
    titulo = serializers.CharField()
    documento_url = serializers.CharField()


class NotProposedOut(serializers.Serializer):
    """A source that would be proposed, if people hadn't found it useless at such cases."""

    articulo = serializers.CharField()
    titulo = serializers.CharField()
    motivo = serializers.CharField(help_text="En palabras: cuántas personas, cuántos casos reabiertos.")
    url = serializers.CharField()


class CitedPassageOut(serializers.Serializer):
    n = serializers.IntegerField(help_text="El de su cita.")
    parte = serializers.CharField()
    fragmento = serializers.CharField()


class CitedArticleOut(serializers.Serializer):
    articulo = serializers.CharField()
    version = serializers.CharField()
    titulo = serializers.CharField()
    pasajes = CitedPassageOut(many=True)


class SuggestionOut(serializers.Serializer):
    estado = serializers.CharField()
    aviso_seguridad = serializers.CharField(help_text="Va antes del texto. Vacío donde no hay peligro.")
    texto = serializers.CharField()
    peldaño = serializers.CharField()
    citas = CitationOut(many=True)
    fuentes = CitedArticleOut(many=True, help_text="Las citas por artículo, cada uno una vez.")
    confianza = serializers.FloatField(allow_null=True)
    modelo = serializers.CharField()
    nodo = serializers.CharField()
    duracion_ms = serializers.IntegerField(allow_null=True)
    sin_sustento = serializers.ListField(child=serializers.CharField())
    sin_modelo = serializers.CharField(
        help_text="Por qué no la escribió un modelo: none, cordoned, down, missing, breaker, full, failed, "
        "model_refused, ungrounded. Vacío si la escribió uno o si no había qué preguntarle."
    )
    lugar_en_fila = serializers.IntegerField(allow_null=True)
    en_fila = serializers.IntegerField(allow_null=True, help_text="Cuántas esperan en la fila.")
    no_propuestas = NotProposedOut(many=True)
    ocultas = serializers.ListField(
        child=serializers.CharField(), help_text="Artículos que el soporte no quiso ver en este caso."
    )


class RatingOut(serializers.Serializer):
    util = serializers.BooleanField()
    comentario = serializers.CharField()
    cita = serializers.IntegerField(allow_null=True)


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
