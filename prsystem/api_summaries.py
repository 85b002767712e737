"""What each operation of the API does, in the language of its integrators."""

from typing import Any

SUMMARIES = {
    "auth_login": "Entrar con usuario y contraseña",
    "auth_logout": "Salir: termina la sesión de este token de renovación",
    "auth_refresh": "Renovar el acceso; cada token de renovación sirve una vez",
    "avisos_leer_todos": "Marcar como leídos todos los avisos propios",
    "avisos_leer_uno": "Marcar un aviso propio como leído",
    "avisos_listar": "Listar los avisos propios; con `sin_leer`, los que faltan",
    "avisos_preferencias": "Leer por dónde llega cada aviso",
    "avisos_preferencias_fijar": "Elegir por dónde llega cada aviso y con qué ritmo el correo",
    "conocimiento_archivar": "Archivar un artículo: sale de la lectura y de la búsqueda",
    "conocimiento_buscar": "Buscar en el conocimiento",
    "conocimiento_buscar_post": "Buscar en el conocimiento sin dejar las palabras en la dirección",
    "conocimiento_crear": "Escribir un artículo nuevo (borrador, o publicado con `publicar`)",
    "conocimiento_desarchivar": "Devolver un artículo archivado a la lectura y a la búsqueda",
    "conocimiento_gemelos": "Preguntar qué artículos tratan ya el mismo problema",
    "conocimiento_incidencias": "Listar las incidencias que una versión respondió",
    "conocimiento_leer": "Leer un artículo",
    "conocimiento_listar": "Listar los artículos publicados",
    "conocimiento_publicar": "Publicar una versión; sin `version`, el borrador más nuevo",
    "conocimiento_rechazar": "Rechazar un borrador con su motivo",
    "conocimiento_restaurar": "Restaurar el texto de una versión anterior como versión nueva",
    "conocimiento_retirar": "Retirar una versión errónea: la búsqueda deja de encontrarla y se avisa a quien la usó",
    "conocimiento_revision": "Pedir la revisión de un borrador",
    "conocimiento_versiones": "Listar las versiones de un artículo",
    "externo_buscar": "Buscar en el conocimiento (con clave de API)",
    "externo_incidencia": "Leer una incidencia de las áreas de la clave: estado y solución",
    "externo_reportar": "Reportar desde otro sistema; la misma referencia es la misma incidencia",
    "incidencias_acciones": "Hacer lo mismo con hasta 500 incidencias; dice qué pasó con cada una",
    "incidencias_adjuntar": "Adjuntar un archivo",
    "incidencias_adjunto": "Descargar un archivo adjunto",
    "incidencias_adjuntos": "Listar los archivos adjuntos",
    "incidencias_asignar": "Asignar a una persona del soporte del área",
    "incidencias_cerrar": "Cerrar lo resuelto",
    "incidencias_comentar": "Comentar; con `interno`, solo para soporte",
    "incidencias_comentarios": "Listar los comentarios",
    "incidencias_corregir": "Corregir lo reportado",
    "incidencias_crear": "Reportar una incidencia",
    "incidencias_desenlazar": "Quitar un enlace",
    "incidencias_dividir": "Separar una parte en una incidencia propia, con los comentarios y archivos que se indiquen",
    "incidencias_duplicadas": "Ver incidencias abiertas que pueden ser el mismo problema",
    "incidencias_enlaces": "Listar los enlaces con otras incidencias",
    "incidencias_enlazar": "Enlazar con otra: relacionada, duplicada, padre o hija",
    "incidencias_escalar": "Escalar al nivel siguiente o al que se indique",
    "incidencias_esperar": "Poner en espera y detener el reloj",
    "incidencias_deshacer_fusion": "Deshacer una fusión de los últimos diez minutos",
    "incidencias_fusionar": "Cerrar como duplicada de otra (`en`), o fusionar varias en esta (`incidencias`)",
    "incidencias_historial": "Leer lo hecho y lo dicho, desde el principio",
    "incidencias_leer": "Leer una incidencia",
    "incidencias_listar": "Listar incidencias; un filtro admite varios valores separados por comas",
    "incidencias_personas": "Listar a quién se puede mencionar en un comentario",
    "incidencias_reabrir": "Reabrir lo resuelto o cerrado",
    "incidencias_reanudar": "Reanudar lo que estaba en espera",
    "incidencias_resolver": "Resolver; la solución pasa a ser una versión de conocimiento",
    "incidencias_similares": "Ver casos pasados parecidos",
    "incidencias_sla": "Ver cómo se cuenta cada plazo: política, calendario, pausas e intervalos",
    "incidencias_soltar": "Devolver a la cola de su nivel",
    "incidencias_tomar": "Tomar una incidencia sin asignar",
    "salud": "El proceso vive",
    "salud_detallada": "Estado de cada parte, para administración",
    "salud_lista": "Puede recibir tráfico",
    "sugerencia_leer": "Leer la sugerencia más nueva con sus fuentes",
    "sugerencia_pedir": "Pedir otra sugerencia",
    "sugerencia_valorar": "Valorar la sugerencia o una de sus fuentes",
    "yo": "Quién soy, con mis roles y áreas",
}


def with_summaries(result: dict[str, Any], **kwargs: object) -> dict[str, Any]:
    """Postprocessing hook of drf-spectacular; the views' own docstrings are for developers."""
    for methods in result["paths"].values():
        for operation in methods.values():
            operation.pop("description", None)
            operation["summary"] = SUMMARIES[operation["operationId"]]
    return result
