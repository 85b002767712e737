"""Chroma's Rust server by itself: the packaged command imports the whole Python client first, which takes seconds.

The index can be made again from the database: a folder that the server can't read is set aside, and the server starts
with an empty one, which the repair of the index fills. Until then search goes by the words.
"""

import sys
from pathlib import Path

import chromadb_rust_bindings

from . import chroma_folder

STORE_FAULTS = ("Frontend Config", "Sqlx", "sqlite")  # what the server says when its folder is the cause


def main(arguments: list[str]) -> None:
    folder = Path(arguments[arguments.index("--path") + 1])
    if fault := chroma_folder.fault_of(folder):
        chroma_folder.set_aside(folder, fault)
    try:
        chromadb_rust_bindings.cli(["chroma", *arguments])
    except BaseException as error:  # the bindings' panic is no Exception
        if type(error).__name__ == "PanicException" and any(word in str(error) for word in STORE_FAULTS):
            chroma_folder.set_aside(folder, str(error)[:200])
        raise


if __name__ == "__main__":
    main(sys.argv[1:])
