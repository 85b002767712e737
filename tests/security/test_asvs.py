"""The table of the ASVS: every row has a state, and every test that it names as evidence is there."""

import re
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TABLE = (ROOT / "docs" / "security" / "asvs.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (\d+\.\d+\.\d+) \| ([12]) \| .+ \| (sí|parcial|no|n/a) \| (.+) \|$", TABLE, re.MULTILINE)


def test_all_rows_of_both_levels_outside_the_chapters_that_do_not_apply_are_there() -> None:
    """253 in ASVS 5.0.0, of which V10 has 29 and V17 has 7."""
    assert len({number for number, *_rest in ROWS}) == len(ROWS) == 253 - 29 - 7


def test_what_is_not_met_is_listed_before_the_tables_in_the_words_of_its_row() -> None:
    honest = TABLE.partition("## V1.")[0]
    listed = re.findall(r"^- \*\*([\d.]+)\*\* [^:]+: (.+)\.$", honest, re.MULTILINE)
    assert sorted(listed) == sorted((number, why) for number, _level, state, why in ROWS if state in ("no", "parcial"))


def test_the_counts_of_its_head_are_those_of_the_tables() -> None:
    told = re.search(r"De (\d+) filas: (\d+) se cumplen, (\d+) en parte, (\d+) no, (\d+) no aplican", TABLE)
    states = Counter(state for _number, _level, state, _why in ROWS)
    assert told
    assert [int(count) for count in told.groups()] == [len(ROWS), *(states[s] for s in ("sí", "parcial", "no", "n/a"))]


def test_every_test_that_is_named_exists() -> None:
    named = set(re.findall(r"`(test_\w+)`", TABLE))
    texts = (path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    defined = {name for text in texts for name in re.findall(r"def (test_\w+)", text)}
    assert len(named) > 60
    assert not named - defined
