"""Where the embedded servers keep their state and sockets. Pure paths: importable before Django's settings.

A Unix socket path may have 107 bytes at most, so the run folder moves under the temporary folder when
`PRS_DATA_DIR` is long.
"""

import hashlib
import json
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from prsystem import env

MAX_RUN_DIR_BYTES = 80
NO_FOLDER = "PRS_DATA_DIR: se espera una carpeta en la que se pueda escribir"


@dataclass(frozen=True)
class Layout:
    """Paths of one embedded instance."""

    data: Path

    @property
    def run(self) -> Path:
        own = self.data / "run"
        if len(os.fsencode(own)) <= MAX_RUN_DIR_BYTES:
            return own
        digest = hashlib.sha256(os.fsencode(self.data)).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"prs-{os.getuid()}-{digest}"

    @property
    def postgres(self) -> Path:
        return self.data / "postgres"

    @property
    def chroma(self) -> Path:
        return self.data / "chroma"

    @property
    def media(self) -> Path:
        return self.data / "media"

    @property
    def logs(self) -> Path:
        return self.data / "logs"

    @property
    def database_url(self) -> str:
        """The application's: its role works with rows, and may not change the tables or the audit trail."""
        return f"postgresql://prs_app@/prs?host={self.run}"

    @property
    def owner_url(self) -> str:
        """The owner's, who makes the tables."""
        return f"postgresql://prs@/prs?host={self.run}"

    @property
    def redis_url(self) -> str:
        return f"unix://{self.run / 'valkey.sock'}"

    def socket(self, name: str) -> Path:
        """Where 'chroma' or 'embedder' answers: only this user's processes get in."""
        return self.run / f"{name}.sock"

    @property
    def endpoints_file(self) -> Path:
        return self.run / "endpoints.json"

    def endpoint(self, name: str) -> str:
        """The address that the runner chose for `name` ('chroma', 'embedder'); empty when it isn't up."""
        try:
            return str(json.loads(self.endpoints_file.read_text(encoding="utf-8")).get(name, ""))
        except FileNotFoundError:
            return ""

    def prepare_data(self) -> None:
        """Make the data folder; ConfigurationError where nothing can be kept in it."""
        try:
            self.data.mkdir(parents=True, exist_ok=True, mode=0o700)
            with tempfile.TemporaryFile(dir=self.data):
                pass
        except OSError as error:
            reason = f"{error.strerror}: {self.data}"
            raise env.ConfigurationError(f"{NO_FOLDER} ({reason})") from error


def layout_from_environment() -> Layout:
    try:
        return Layout(Path(env.text("PRS_DATA_DIR") or "var").expanduser().resolve())
    except (RuntimeError, ValueError, OSError) as error:  # an unknown user's home, a loop of links, a NUL
        raise env.ConfigurationError(NO_FOLDER) from error
