"""The command: `python3 -m requirement_checklist [evidence.json]`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from .checklist import ChecklistError, checked, progress, read_evidence, report
from .requirements import REQUIREMENTS, TITLE


def run(arguments: Sequence[str], out: TextIO, err: TextIO) -> int:
    """Prints the checklist. 0 accepted, 1 not accepted yet, 2 wrong use or wrong evidence."""
    if len(arguments) > 1:
        err.write("Usage: python3 -m requirement_checklist [evidence.json]\n")
        return 2
    try:
        evidence = read_evidence(_read_text(arguments[0]), REQUIREMENTS) if arguments else []
    except ChecklistError as error:
        err.write(f"{error}\n")
        return 2
    entries = checked(REQUIREMENTS, evidence)
    out.write(report(TITLE, entries))
    return 0 if progress(entries).is_accepted else 1


def _read_text(file: str) -> str:
    try:
        return Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ChecklistError("not-json", f"The file {file} cannot be read.") from error


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")
    sys.exit(run(sys.argv[1:], sys.stdout, sys.stderr))
