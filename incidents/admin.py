"""The console pages of every capability: importing them registers them."""

from .answers import admin as _answers  # noqa: F401 -- each registers its own
from .case import admin as _case  # noqa: F401
from .desk import admin as _desk  # noqa: F401
from .escalation import admin as _escalation  # noqa: F401
from .exams import admin as _exams  # noqa: F401
from .gaps import admin as _gaps  # noqa: F401
from .intake import admin as _intake  # noqa: F401
from .macros import admin as _macros  # noqa: F401
from .notices import admin as _notices  # noqa: F401
from .relations import admin as _relations  # noqa: F401
from .shifts import admin as _shifts  # noqa: F401
from .similar import admin as _similar  # noqa: F401
from .sla import admin as _sla  # noqa: F401
from .suggestions import admin as _suggestions  # noqa: F401
from .triage import admin as _triage  # noqa: F401
