"""Reading rows out of files: delimiters, encodings, broken and hostile files. No database."""

import json
from pathlib import Path

import pytest

from prsystem.core.imports import tables
from prsystem.core.imports.tables import Row, UnreadableTable, table_open


def rows_of(tmp_path: Path, content: bytes | str, name: str = "a.csv") -> list[Row]:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return list(table_open(path).rows())


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_found_in_the_header(tmp_path: Path, delimiter: str) -> None:
    header, cells = ["id", '"a,b;c"', "texto"], ["1", "x", '"uno, dos; tres\nlínea ""dos"""']
    rows = rows_of(tmp_path, delimiter.join(header) + "\r\n" + delimiter.join(cells) + "\r\n")
    assert rows == [Row(2, {"id": "1", "a,b;c": "x", "texto": 'uno, dos; tres\nlínea "dos"'})]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_unicode_with_and_without_a_mark(tmp_path: Path, encoding: str) -> None:
    rows = rows_of(tmp_path, "título,área\nVibración,ñandú\n".encode(encoding))
    assert rows == [Row(2, {"título": "Vibración", "área": "ñandú"})]


def test_latin_1_is_read_with_a_warning(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("título\nVibración 5 €\n".encode("cp1252"))
    table = table_open(path)
    assert [row.values for row in table.rows()] == [{"título": "Vibración 5 €"}]
    assert len(table.warnings) == 1


def test_a_latin_1_byte_after_the_first_megabyte_is_seen(tmp_path: Path) -> None:
    rows = rows_of(tmp_path, b"t\n" + b"x" * 1_500_000 + b"\n" + "ñ".encode("latin-1") + b"\n")
    assert rows[-1] == Row(3, {"t": "ñ"})


def test_json_lines_are_flattened_and_numbered_as_lines(tmp_path: Path) -> None:
    lines = [{"id": 7, "labels": {"area": "X"}, "tags": ["a", 1], "no": None}, None, {"ok": True}]
    content = "\n".join("" if line is None else json.dumps(line) for line in lines)
    assert rows_of(tmp_path, content, "a.jsonl") == [
        Row(1, {"id": "7", "labels.area": "X", "tags": "a, 1", "no": ""}),
        Row(3, {"ok": "True"}),
    ]


def test_a_broken_line_is_named_and_the_others_are_read(tmp_path: Path) -> None:
    bad = ['{"a": ', "[1]", "1" * 5000, '{"a":' + "[" * 100_000]
    rows = rows_of(tmp_path, "\n".join(['{"a": "1"}', *bad, '{"a": "2"}']), "a.jsonl")
    assert [(row.number, bool(row.error)) for row in rows] == [
        (1, False),
        (2, True),
        (3, True),
        (4, True),
        (5, True),
        (6, False),
    ]


def test_bad_quotes_and_extra_cells_are_errors_of_their_row(tmp_path: Path) -> None:
    rows = rows_of(tmp_path, 'a,b\n1,2\n"x"y,2\n1,2,3\n\n4\n"open,2\n5,6\n')
    assert [(row.number, bool(row.error)) for row in rows] == [(2, False), (3, True), (4, True), (6, False), (7, True)]


def test_a_field_of_a_megabyte_is_read(tmp_path: Path) -> None:
    assert len(rows_of(tmp_path, "a\n" + "x" * 1_000_000)[0].values["a"]) == 1_000_000


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.csv", b""),
        ("blank.csv", b"\xef\xbb\xbf \n\n"),
        ("picture.csv", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\xff\xfe"),
        ("book.jsonl", b"PK\x03\x04\x14\x00\x06\x00\x08\x00\xff"),
        ("broken.json", b'[{"a": 1},'),
        ("deep.json", b"[" * 100_000),
        ("twice.csv", b"a,a\n1,2\n"),
    ],
)
def test_files_that_can_not_be_used(tmp_path: Path, name: str, content: bytes) -> None:
    with pytest.raises(UnreadableTable):
        rows_of(tmp_path, content, name)


def test_a_json_list_is_read_like_lines(tmp_path: Path) -> None:
    rows = rows_of(tmp_path, '[{"a": {"b": 1}}, 7, {"a": null}]', "list.json")
    assert [row.values for row in rows] == [{"a.b": "1"}, {}, {"a": ""}]
    assert [bool(row.error) for row in rows] == [False, True, False]


def test_a_json_list_that_is_too_long_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MAX_LIST_CHARACTERS", 20)
    with pytest.raises(UnreadableTable):
        rows_of(tmp_path, '[{"a": "1234567890"}]', "list.json")


def test_a_line_that_is_too_long_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MAX_CHARACTERS", 20)
    rows = rows_of(tmp_path, '{"a": "1"}\n{"a": "%s"}\n{"a": "2"}\n' % ("x" * 100), "a.jsonl")
    assert [bool(row.error) for row in rows] == [False, True, False]


def test_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    for path in (tmp_path / "nothing.csv", tmp_path):
        with pytest.raises(UnreadableTable):
            table_open(path)
