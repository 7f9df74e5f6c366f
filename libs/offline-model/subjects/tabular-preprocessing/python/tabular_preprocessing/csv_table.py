"""CSV with a header row."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .errors import PreprocessingError

_PLAIN = re.compile(r'[^",\r\n]*')
_LINE_BREAK = re.compile(r"\r\n|\n|\r")


@dataclass(frozen=True)
class Table:
    """A table as text. Every row has as many fields as there are columns."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def parse_csv(text: str) -> Table:
    """Reads CSV (RFC 4180): quoted fields, doubled quotes, line breaks inside quotes, LF, CRLF or CR as line end, a byte
    order mark. Empty lines are passed over, except in a table of one column, where they are missing values.

    The csv module of Python is not used because it passes over text after a closing quote.
    Raises PreprocessingError bad-csv, ragged-row or repeated-column.
    """
    records = _read_records(text[1:] if text.startswith("\ufeff") else text)
    if not records or all(name == "" for name in records[0][1]):
        raise PreprocessingError("bad-csv", "The data has no header row.")
    columns = records[0][1]
    _check_names(columns)
    rows: list[tuple[str, ...]] = []
    for line, fields in records[1:]:
        if len(columns) > 1 and fields == ("",):
            continue
        if len(fields) != len(columns):
            raise PreprocessingError(
                "ragged-row",
                f"Row {len(rows) + 1} (line {line}) has {len(fields)} fields, the header has {len(columns)}.",
            )
        rows.append(fields)
    return Table(columns, tuple(rows))


def _check_names(columns: Sequence[str]) -> None:
    seen: set[str] = set()
    for name in columns:
        if name in seen:
            raise PreprocessingError("repeated-column", f'The header has the column "{name}" twice.')
        seen.add(name)


def _read_records(text: str) -> list[tuple[int, tuple[str, ...]]]:
    """Each record with the line it begins on, from 1."""
    records = []
    position, line = 0, 1
    while position < len(text):
        first_line = line
        fields: list[str] = []
        while True:
            if text.startswith('"', position):
                value, position, line = _quoted_field(text, position, line)
            else:
                value, position = _plain_field(text, position, line)
            fields.append(value)
            if not text.startswith(",", position):
                break
            position += 1
        position += 2 if text.startswith("\r\n", position) else 1
        records.append((first_line, tuple(fields)))
        line += 1
    return records


def _plain_field(text: str, start: int, line: int) -> tuple[str, int]:
    match = _PLAIN.match(text, start)
    end = match.end() if match else start
    if text.startswith('"', end):
        raise PreprocessingError("bad-csv", f"Line {line}: a quote inside a field that does not begin with one.")
    return text[start:end], end


def _quoted_field(text: str, start: int, line: int) -> tuple[str, int, int]:
    parts: list[str] = []
    position = start + 1
    while True:
        quote = text.find('"', position)
        if quote == -1:
            raise PreprocessingError("bad-csv", f"Line {line}: a quoted field is not closed.")
        parts.append(text[position:quote])
        if not text.startswith('"', quote + 1):
            break
        parts.append('"')
        position = quote + 2
    value, end = "".join(parts), quote + 1
    last_line = line + len(_LINE_BREAK.findall(value))
    if end < len(text) and text[end] not in ",\r\n":
        raise PreprocessingError("bad-csv", f"Line {last_line}: text after the quote that closes a field.")
    return value, end, last_line


def format_csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Writes CSV with LF line ends; quotes only the fields that need it."""
    lines = [",".join(_quoted(name) for name in columns)]
    lines.extend(",".join(_quoted(_text_of(field)) for field in row) for row in rows)
    return "\n".join(lines) + "\n"


def _text_of(field: object) -> str:
    """Whole numbers without a decimal point, others with every digit they have."""
    if isinstance(field, float) and field.is_integer() and abs(field) < 1e15:
        return str(int(field))
    return str(field)


def _quoted(field: str) -> str:
    if not any(character in field for character in '",\r\n'):
        return field
    return '"' + field.replace('"', '""') + '"'
