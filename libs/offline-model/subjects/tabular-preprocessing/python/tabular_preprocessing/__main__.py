"""The command: `python3 -m tabular_preprocessing fit|transform …`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from .config import parse_config
from .csv_table import format_csv, parse_csv
from .errors import PreprocessingError
from .parameters import load_parameters, save_parameters
from .preprocessor import fit, transform


def run(arguments: Sequence[str], out: TextIO, err: TextIO) -> int:
    """0 success, 1 wrong data: one line on stderr, and no file has been touched. Wrong use leaves with SystemExit 2."""
    options = _parser().parse_args(arguments)
    try:
        return _fit(options, out) if options.command == "fit" else _transform(options, out)
    except PreprocessingError as error:
        err.write(f"{error.code}: {error}\n")
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="tabular_preprocessing", allow_abbrev=False)
    commands = parser.add_subparsers(dest="command", required=True)
    learn = commands.add_parser("fit", help="learns from data, writes the parameters", allow_abbrev=False)
    learn.add_argument("--config", required=True)
    learn.add_argument("--data", required=True)
    learn.add_argument("--params", required=True)
    serve = commands.add_parser("transform", help="applies them, writes CSV (default: stdout)", allow_abbrev=False)
    serve.add_argument("--params", required=True)
    serve.add_argument("--data", required=True)
    serve.add_argument("--out")
    return parser


def _fit(options: argparse.Namespace, out: TextIO) -> int:
    config = parse_config(_read_text(options.config))
    table = parse_csv(_read_text(options.data))
    parameters = fit(table, config)
    _write_whole(options.params, save_parameters(parameters))
    out.write(f"Learned {len(parameters.columns)} columns from {len(table.rows)} rows.\n")
    return 0


def _transform(options: argparse.Namespace, out: TextIO) -> int:
    parameters = load_parameters(_read_text(options.params))
    output = transform(parse_csv(_read_text(options.data)), parameters)
    text = format_csv(output.columns, output.rows)
    if options.out is None:
        out.write(text)
    else:
        _write_whole(options.out, text)
        out.write(f"Wrote {len(output.rows)} rows.\n")
    return 0


def _read_text(file: str) -> str:
    try:
        return Path(file).read_bytes().decode("utf-8")
    except OSError as error:
        raise PreprocessingError("unreadable-file", f"The file {file} cannot be read.") from error
    except UnicodeDecodeError as error:
        raise PreprocessingError("unreadable-file", f"The file {file} is not UTF-8 text.") from error


def _write_whole(file: str, content: str) -> None:
    """Either the whole text is in the file or the file is as it was."""
    part = f"{file}.part"
    try:
        Path(part).write_bytes(content.encode("utf-8"))
        os.replace(part, file)
    except OSError as error:
        Path(part).unlink(missing_ok=True)
        raise PreprocessingError("unreadable-file", f"The file {file} cannot be written.") from error


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")
    sys.exit(run(sys.argv[1:], sys.stdout, sys.stderr))
