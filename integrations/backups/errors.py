"""The one error of backups."""


class BackupError(Exception):
    """A copy can't be made, checked or restored. `code` is stable; the text is one line without secrets."""

    def __init__(self, code: str, text: str) -> None:
        self.code = code
        super().__init__(text)


class Busy(BackupError):
    """Only one backup, check or restore is at work at a time."""

    def __init__(self) -> None:
        super().__init__("busy", "another backup, check or restore is at work")
