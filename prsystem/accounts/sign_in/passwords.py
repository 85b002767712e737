"""What a password must be like, besides Django's own validators. Nothing here leaves the machine."""

import re
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from prsystem.runtime.selectors import get_setting

COMPOSITION, WORDS = "password_composition", "password_words"
SHORTEST_WORD = 4
_PRODUCT = ("prsystem", "pr-system", "incidencia", "demostracion")
# What people write in Spanish-speaking plants; Django's list is of English ones.
_SPANISH = frozenset(
    [
        "contraseña",
        "contrasena",
        "clave",
        "claves",
        "acceso",
        "administrador",
        "administradora",
        "admin",
        "usuario",
        "bienvenido",
        "bienvenida",
        "cambiame",
        "cambiarme",
        "entrada",
        "empresa",
        "planta",
        "mantenimiento",
        "produccion",
        "sistemas",
        "soporte",
        "seguridad",
        "calidad",
        "logistica",
        "almacen",
        "turno",
        "hola",
        "teamo",
        "tequiero",
        "teextraño",
        "amor",
        "amorcito",
        "corazon",
        "princesa",
        "familia",
        "futbol",
        "america",
        "chivas",
        "pumas",
        "barcelona",
        "realmadrid",
        "mexico",
        "mexicana",
        "guadalajara",
        "monterrey",
        "argentina",
        "colombia",
        "españa",
        "verano",
        "invierno",
        "primavera",
        "otoño",
        "enero",
        "febrero",
        "marzo",
        "abril",
        "mayo",
        "junio",
        "julio",
        "agosto",
        "septiembre",
        "octubre",
        "noviembre",
        "diciembre",
        "lunes",
        "martes",
        "miercoles",
        "jueves",
        "viernes",
        "sabado",
        "domingo",
        "qwerty",
        "qwertyuiop",
        "asdfgh",
        "asdfghjkl",
        "zxcvbnm",
        "abcdefgh",
    ]
)
_LEET = str.maketrans("0134578@$!", "oieastbasi")


class CommonWordValidator(CommonPasswordValidator):
    """Refuses a common password with figures and signs around it: `Contraseña2026!`, `P4ssw0rd-1234`."""

    def validate(self, password: str, user: Any = None) -> None:
        plain = password.lower()
        for text in (plain, plain.translate(_LEET)):
            base = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", text)
            if base in _SPANISH or base in self.passwords:
                raise ValidationError(_("It is a common word with figures or signs around it."), code="common_word")

    def get_help_text(self) -> str:
        return _("No common word with figures or signs around it.")


class ContextWordsValidator:
    """Refuses the words that a stranger would try first here: product, host, person, and those of the administrator."""

    def validate(self, password: str, user: Any = None) -> None:
        plain = password.lower()
        if any(word in plain for word in self._words(user)):
            raise ValidationError(_("It contains your name or the name of this system."), code="context_word")

    def _words(self, user: Any) -> Iterator[str]:
        names = f"{getattr(user, 'username', '')} {getattr(user, 'full_name', '')}".lower().split()
        hosts = [host.split(".")[0].lower() for host in settings.ALLOWED_HOSTS if not host[:1].isdigit()]
        words = [*_PRODUCT, *hosts, *names, *(word.lower() for word in get_setting(WORDS))]
        yield from (word for word in words if len(word) >= SHORTEST_WORD)

    def get_help_text(self) -> str:
        return _("Neither your name nor the name of this system.")


class CompositionValidator:
    """An upper-case letter, a lower-case one and a digit, while the setting asks for it."""

    def validate(self, password: str, user: Any = None) -> None:
        kinds = (str.isupper, str.islower, str.isdigit)
        if get_setting(COMPOSITION) and not all(any(map(kind, password)) for kind in kinds):
            raise ValidationError(self._rule(), code="composition")

    def _rule(self) -> str:
        return _("At least one upper-case letter, one lower-case letter and one digit.")

    def get_help_text(self) -> str:
        return self._rule() if get_setting(COMPOSITION) else ""
