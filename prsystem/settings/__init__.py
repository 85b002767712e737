"""Settings by environment; see the table in README.md. Absent variables mean the embedded default."""

from .audit import *
from .auth import *
from .base import *
from .directory import *
from .observability import *
from .services import *
