"""The archive of stored files in the stores: each file once, then the list of what is there."""

from pathlib import Path

from . import stored, walpush


def stored_push(root: Path, store: str, recipients: list[object]) -> int:
    """Send to the store what it hasn't got; how many files. BackupError at the first that it doesn't take."""
    folder = root / stored.FOLDER
    entries = stored.entries_read(folder)
    state = folder / f"{walpush.SENT_PREFIX}{store}"
    sent = walpush.sent_read(state)
    waiting = [name for name, entry in entries.items() if sent.get(name) != entry.sha256]
    for name in waiting:
        walpush.send(store, f"{stored.FOLDER}/{name}", folder / name, recipients)
        sent[name] = entries[name].sha256
        walpush.sent_write(state, {known: digest for known, digest in sent.items() if known in entries})
    if waiting or (entries and sent.keys() != entries.keys()):
        walpush.send(store, f"{stored.FOLDER}/{stored.INDEX}", folder / stored.INDEX, recipients)
        walpush.sent_write(state, {known: digest for known, digest in sent.items() if known in entries})
    return len(waiting)
