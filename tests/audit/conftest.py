from pathlib import Path

import pytest
from django.core.files.storage import storages

from tests.audit.trail import trail

__all__ = ["trail"]


@pytest.fixture(autouse=True)
def heads_folder(settings, tmp_path: Path) -> Path:
    """Exported heads of one test aren't those of another."""
    folder = tmp_path / "heads"
    options = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": folder}}
    settings.STORAGES = {**settings.STORAGES, "audit": options}
    storages._storages.pop("audit", None)
    return folder
