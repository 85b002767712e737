"""Measures the mean vectors that E5's centring takes off, and writes them beside the code.

    python -m integrations.embedder.make_means DIR...

Each DIR holds documents.jsonl and queries.jsonl with `lang` and `text`. Every set weighs the same, whatever its size.
"""

import argparse
import json
from collections import defaultdict
from pathlib import Path

import numpy as np

from .e5 import LANGUAGES, MEANS, MultilingualE5Small
from .model import Role

TEXTS_PER_MEAN = 300
CHARACTERS = 700
FILES: dict[Role, str] = {"query": "queries.jsonl", "passage": "documents.jsonl"}


def sample(path: Path, language: str) -> list[str]:
    """Up to TEXTS_PER_MEAN texts of the language, spread evenly over the file."""
    with path.open(encoding="utf-8") as lines:
        rows = [row for row in map(json.loads, lines) if row["lang"] == language]
    texts = [f"{row.get('title', '')}\n{row['text']}".strip()[:CHARACTERS] for row in rows]
    return texts[:: max(1, len(texts) // TEXTS_PER_MEAN)]


def main() -> None:
    parser = argparse.ArgumentParser(description="Mean vectors of E5 by role and language")
    parser.add_argument("folders", nargs="+", type=Path)
    model, means = MultilingualE5Small(), defaultdict(list)
    for folder in parser.parse_args().folders:
        for role, name in FILES.items():
            for language in LANGUAGES:
                vectors = [model.raw(text, role) for text in sample(folder / name, language)]
                means[f"{role}-{language}"].append(np.mean(vectors, axis=0))
    np.savez(MEANS, **{name: np.mean(values, axis=0).astype(np.float32) for name, values in means.items()})


if __name__ == "__main__":
    main()
