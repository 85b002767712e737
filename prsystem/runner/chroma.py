"""Chroma's Rust server by itself: the packaged command imports the whole Python client first, which takes seconds."""

import sys

import chromadb_rust_bindings

if __name__ == "__main__":
    chromadb_rust_bindings.cli(["chroma", *sys.argv[1:]])
