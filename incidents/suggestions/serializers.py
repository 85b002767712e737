"""How proposals are documented, and what rating one takes."""

from rest_framework import serializers

from prsystem.core.api.fields import Flag, Text, WholeNumber


class RatingIn(serializers.Serializer):
    util = Flag()
    comentario = Text(required=False)
    cita = WholeNumber(required=False, allow_null=True, max_value=32_767)


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
