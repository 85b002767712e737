"""The short form of `make fuzz`."""

from pathlib import Path

import pytest

from .campaign import KEY, campaign, instance

pytestmark = pytest.mark.slow


def test_made_up_calls_find_no_server_error_no_schema_break_and_no_ignored_auth(tmp_path: Path) -> None:
    with instance(tmp_path / "fuzz") as run:
        for caller in ("luis", KEY):
            finding = campaign(run, caller, 20)
            assert not finding.failures, "\n".join(finding.failures)
            assert finding.calls > 200
