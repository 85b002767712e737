"""The errors of the domain: a stable code, a translatable message, an HTTP status. Each surface renders them once."""

import errno
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _


class DomainError(Exception):
    """Something the caller may be told. `errors` maps a field to its messages, `retry_after` is in seconds; `extra` is
    what the API's problem document tells besides."""

    code = "error"
    status = 400
    message: object = _("The request can't be carried out.")
    extra: Mapping[str, Any] = {}

    def __init__(
        self, message: object = None, *, errors: Mapping[str, list[object]] | None = None, retry_after: int = 0
    ) -> None:
        self.message = message or self.message
        self.errors = dict(errors or {})
        self.retry_after = retry_after
        super().__init__(self.code)

    def __str__(self) -> str:
        return str(self.message)


class InvalidInput(DomainError):
    """Values that can't be accepted; names each field."""

    code = "datos_invalidos"
    message = _("Some fields need attention.")

    @classmethod
    def field(cls, name: str, message: object) -> "InvalidInput":
        return cls(errors={name: [message]})


class NotAllowed(DomainError):
    code = "sin_permiso"
    status = 403
    message = _("You don't have the right to do this.")


class Missing(DomainError):
    """No such object, or none that the actor may see: the two look the same on purpose."""

    code = "no_encontrado"
    status = 404
    message = _("It doesn't exist or you can't see it.")


class Conflict(DomainError):
    """The object is no longer in the state that the change needs."""

    code = "conflicto"
    status = 409
    message = _("Somebody changed this in the meantime.")


class IllegalMove(Conflict):
    code = "movimiento_ilegal"
    message = _("That step isn't possible in the current state.")


class OpenChildren(Conflict):
    """What is to become of an incident's open children hasn't been said."""

    code = "hijas_abiertas"


class StaleVersion(Conflict):
    """Somebody else has changed it since. `differences`: field -> what it was (`base`), what was wanted (`suyo`),
    what it is now (`actual`)."""

    code = "version_obsoleta"

    def __init__(self, message: object = None, *, differences: Mapping[str, dict[str, Any]] | None = None) -> None:
        super().__init__(message)
        self.differences = dict(differences or {})
        self.extra = {"diferencias": self.differences} if self.differences else {}


class TooLarge(DomainError):
    code = "demasiado_grande"
    status = 413
    message = _("The content is too large.")


class UnsupportedContent(DomainError):
    code = "tipo_no_admitido"
    status = 415
    message = _("That type of file isn't accepted.")


class KeyReused(DomainError):
    code = "clave_idempotencia_reutilizada"
    status = 422
    message = _("This Idempotency-Key was used with another content.")


class Unavailable(DomainError):
    """Something that the request needs can't be reached right now."""

    code = "no_disponible"
    status = 503
    message = _("Not available right now. Try again in a moment.")


class NoRoom(Unavailable):
    """A disk of the server takes nothing more: of temporary files, or the database's."""

    code = "sin_espacio"
    message = _("There is no room left on the server's disk, so nothing was saved. Try again in a while.")


DISK_FAULTS = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS})
DISK_FULL_SQLSTATE = "53100"


def is_no_room(error: BaseException | None) -> bool:
    if isinstance(error, OSError):
        return error.errno in DISK_FAULTS
    return getattr(error.__cause__, "sqlstate", "") == DISK_FULL_SQLSTATE if error else False
