"""Settings of the site at their defaults at the start of every test, without a query."""

import pytest


@pytest.fixture(autouse=True)
def settings_at_their_defaults() -> None:
    from prsystem.runtime import selectors

    selectors.keep({}, float("inf"))
