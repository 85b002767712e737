"""Bodies that the knowledge endpoints take, and their answers for the schema. Rules are in services."""

from rest_framework import serializers

from prsystem.core.api.fields import Flag, Text, WholeNumber

from ..models import Article
from ..quarantine import WHY
from ..services.search import QUERY_LENGTH

MAX_HITS = 50


class ArticleIn(serializers.Serializer):
    titulo = Text()
    problema = Text()
    solucion = Text()
    causa = Text(required=False)
    area = Text()
    publicar = Flag(required=False)


class ArticleChange(serializers.Serializer):
    """`responsable` null: nobody looks after it. `revisar_el` null: a year after its next publication."""

    area = Text(required=False)
    revisar_el = serializers.DateField(required=False, allow_null=True)
    visibilidad = serializers.ChoiceField(Article.Visibility.values, required=False)
    responsable = Text(required=False, allow_null=True, max_length=150)


class PublishIn(serializers.Serializer):
    version = Text(required=False, max_length=11)


class SeenIn(PublishIn):
    revision = WholeNumber(required=False, help_text="La `revision` del texto que se leyó; si ya es otra, 409.")


class VersionReleaseIn(SeenIn):
    motivo = Text()


class RejectIn(PublishIn):
    motivo = Text()


class RecallIn(serializers.Serializer):
    version = Text(max_length=11)
    motivo = Text()


class ArchivedOut(serializers.Serializer):
    articulo = serializers.CharField()
    archivado = serializers.BooleanField()


class RestoreIn(serializers.Serializer):
    version = Text(max_length=11)


class SearchIn(serializers.Serializer):
    query = Text(max_length=QUERY_LENGTH, allow_blank=False, trim_whitespace=True)
    limite = WholeNumber(min_value=1, max_value=MAX_HITS, default=10)


class SearchQuery(SearchIn):
    """The same in an address, where every value is a text."""

    limite = serializers.IntegerField(min_value=1, max_value=MAX_HITS, default=10)


class ArticleLineOut(serializers.Serializer):
    articulo = serializers.CharField()
    titulo = serializers.CharField()
    area = serializers.CharField()
    version = serializers.CharField()
    estado = serializers.CharField()
    idioma = serializers.CharField()
    visibilidad = serializers.CharField()
    actualizado_en = serializers.DateTimeField()
    url = serializers.CharField()


class ArticleOut(ArticleLineOut):
    problema = serializers.CharField()
    causa = serializers.CharField()
    solucion = serializers.CharField()
    archivado = serializers.BooleanField()
    responsable = serializers.CharField(allow_null=True)
    revisar_el = serializers.DateField(allow_null=True)


class VersionOut(serializers.Serializer):
    version = serializers.CharField()
    estado = serializers.CharField()
    titulo = serializers.CharField()
    idioma = serializers.CharField()
    problema = serializers.CharField()
    causa = serializers.CharField()
    solucion = serializers.CharField()
    origen = serializers.CharField()
    autor = serializers.CharField(allow_null=True)
    revision = serializers.IntegerField(
        help_text="Cuántas veces se guardó su texto; al editar un borrador es `version`."
    )
    sobre = serializers.CharField(allow_null=True, help_text="La versión publicada de la que partió el borrador.")
    editado_por = serializers.CharField(allow_null=True)
    editado_en = serializers.DateTimeField(allow_null=True)
    motivo = serializers.CharField(help_text="Por qué se rechazó, se retiró o se devolvió.")
    creado_en = serializers.DateTimeField()
    publicado_por = serializers.CharField(allow_null=True)
    publicado_en = serializers.DateTimeField(allow_null=True)


class TwinsIn(serializers.Serializer):
    titulo = Text(required=False, max_length=200)
    problema = Text(max_length=20_000, allow_blank=False)


class TwinOut(serializers.Serializer):
    articulo = serializers.CharField()
    version = serializers.CharField()
    siguiente_version = serializers.CharField()
    titulo = serializers.CharField()
    confianza = serializers.FloatField()
    es_seguro = serializers.BooleanField()
    url = serializers.CharField()


class TwinsOut(serializers.Serializer):
    gemelos = TwinOut(many=True)


class SignOut(serializers.Serializer):
    """One reason why a text is held, and the words that it was told by."""

    tipo = serializers.ChoiceField(list(WHY))
    motivo = serializers.CharField()
    palabras = serializers.CharField()


class PublicationOut(serializers.Serializer):
    articulo = serializers.CharField()
    version = serializers.CharField()
    estado = serializers.CharField()
    retencion = SignOut(many=True, help_text="Vacía donde nada impide publicarla.")


class UsefulnessOut(serializers.Serializer):
    """What people said of the article, and how much that moved it."""

    personas = serializers.IntegerField()
    sirvio_a = serializers.IntegerField()
    ajuste = serializers.FloatField(help_text="Lo que sus votos sumaron a `puntaje` o le restaron.")
    rechazada = serializers.BooleanField(help_text="No se propone: no sirvió en casos así.")
    motivo = serializers.CharField(help_text="Por qué no se propone, en palabras; vacío si se propone.")


class HitOut(serializers.Serializer):
    articulo = serializers.CharField()
    version = serializers.CharField()
    titulo = serializers.CharField()
    fragmento = serializers.CharField()
    puntaje = serializers.FloatField()
    area = serializers.CharField()
    aviso_seguridad = serializers.CharField(help_text="Va antes del fragmento. Vacío donde no hay peligro.")
    url = serializers.CharField()
    hallado_por = serializers.ChoiceField(["palabras", "significado", "ambos"])
    utilidad = UsefulnessOut(allow_null=True, help_text="Nulo cuando nadie dijo nada del artículo.")


class SearchOut(serializers.Serializer):
    resultados = HitOut(many=True)
    modo = serializers.ChoiceField(["hibrido", "texto"])
    tambien = serializers.ListField(child=serializers.CharField())
