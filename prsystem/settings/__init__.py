"""Settings by environment; see the table in README.md. Absent variables mean the embedded default."""

from .base import *  # noqa: F403
from .auth import *  # noqa: F403
from .services import *  # noqa: F403
from .observability import *  # noqa: F403
