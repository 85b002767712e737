"""Model nodes, as an optional step of the first-run guide: they are the environment's, so the step shows and tells."""

from typing import Any

from prsystem.runtime.setup_pages import NothingToFill

from .panels import nodes_panel


class NodesForm(NothingToFill):
    """What answers now."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = [(row.label, row.value) for row in nodes_panel().rows]
