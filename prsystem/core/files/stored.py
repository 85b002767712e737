"""The file store (a folder or an S3 bucket) may be away: what that raises, and how it is told."""

from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from django.utils.translation import gettext_lazy as _

from prsystem.core.errors import Unavailable

log = structlog.get_logger(__name__)
RETRY_SECONDS = 30


class StoreAway(Unavailable):
    """The store of files doesn't answer or refuses."""

    code = "almacen_no_disponible"
    message = _("Files can't be kept or read right now. Everything else goes on; try again in a moment.")


def store_faults() -> tuple[type[Exception], ...]:
    """What a store that is away raises. boto is heavy and only there when something has failed."""
    from boto3.exceptions import Boto3Error
    from botocore.exceptions import BotoCoreError, ClientError

    return OSError, Boto3Error, BotoCoreError, ClientError


@contextmanager
def store_reached() -> Iterator[None]:
    """StoreAway for whatever the store raises within the block; a file that is missing stays FileNotFoundError."""
    try:
        yield
    except FileNotFoundError:
        raise
    except store_faults() as error:
        log.warning("store.away", reason=type(error).__name__)
        raise StoreAway(retry_after=RETRY_SECONDS) from error
