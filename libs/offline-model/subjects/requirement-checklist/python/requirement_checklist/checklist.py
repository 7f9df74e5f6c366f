"""Evidence for or against requirements, and what it adds up to."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from .requirements import Requirement

MARKS = {"met": "x", "not-met": "!", "unchecked": " "}


class ChecklistError(ValueError):
    """What is wrong with the evidence, in one sentence. `code` is stable."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True)
class Evidence:
    """What somebody found out about a requirement, and how."""

    id: str
    #: "met" or "not-met".
    verdict: str
    note: str


@dataclass(frozen=True)
class CheckedRequirement:
    """A requirement with its verdict; "unchecked" where there is no evidence."""

    requirement: Requirement
    verdict: str
    note: str


@dataclass(frozen=True)
class Progress:
    """Counts by verdict. Accepted: everything is met, apart from what only may be done."""

    total: int
    met: int
    not_met: int
    unchecked: int
    is_accepted: bool


def read_evidence(text: str, requirements: Sequence[Requirement]) -> list[Evidence]:
    """Reads a JSON list of `{id, verdict, note}`. Raises ChecklistError."""
    known = {requirement.id for requirement in requirements}
    seen: set[str] = set()
    found = []
    for place, entry in enumerate(_parse_list(text), start=1):
        evidence = _parse_entry(entry, place)
        if evidence.id not in known:
            raise ChecklistError("unknown-id", f"Entry {place}: there is no requirement {evidence.id}.")
        if evidence.id in seen:
            raise ChecklistError("repeated-id", f"Entry {place}: {evidence.id} was given before.")
        seen.add(evidence.id)
        found.append(evidence)
    return found


def _parse_list(text: str) -> list[object]:
    try:
        value = json.loads(text)
    except ValueError as error:
        raise ChecklistError("not-json", "The evidence is not JSON.") from error
    if not isinstance(value, list):
        raise ChecklistError("not-a-list", "The evidence is not a list.")
    return value


def _parse_entry(entry: object, place: int) -> Evidence:
    if not isinstance(entry, dict):
        raise ChecklistError("bad-entry", f"Entry {place} is not an object.")
    identifier, verdict, note = entry.get("id"), entry.get("verdict"), entry.get("note")
    if not isinstance(identifier, str):
        raise ChecklistError("bad-entry", f"Entry {place} has no id.")
    if verdict not in ("met", "not-met"):
        raise ChecklistError("bad-entry", f'Entry {place}: verdict must be "met" or "not-met".')
    if not isinstance(note, str) or note.strip() == "":
        raise ChecklistError("bad-entry", f"Entry {place}: note must say how it was found out.")
    return Evidence(identifier, str(verdict), note)


def checked(requirements: Sequence[Requirement], evidence: Sequence[Evidence]) -> list[CheckedRequirement]:
    """Every requirement with its verdict, in the order of the requirements."""
    found = {entry.id: entry for entry in evidence}
    result = []
    for requirement in requirements:
        entry = found.get(requirement.id)
        if entry is None:
            result.append(CheckedRequirement(requirement, "unchecked", ""))
        else:
            result.append(CheckedRequirement(requirement, entry.verdict, entry.note))
    return result


def progress(entries: Sequence[CheckedRequirement]) -> Progress:
    """Counts by verdict, and whether the list is accepted."""

    def count(verdict: str) -> int:
        return sum(1 for entry in entries if entry.verdict == verdict)

    return Progress(
        total=len(entries),
        met=count("met"),
        not_met=count("not-met"),
        unchecked=count("unchecked"),
        is_accepted=all(entry.verdict == "met" or entry.requirement.force == "may" for entry in entries),
    )


def search(requirements: Sequence[Requirement], words: str) -> list[Requirement]:
    """The requirements whose text or section has every one of the words, in any case."""
    wanted = words.lower().split()
    return [
        requirement
        for requirement in requirements
        if all(word in f"{requirement.section} {requirement.text}".lower() for word in wanted)
    ]


def report(title: str, entries: Sequence[CheckedRequirement]) -> str:
    """The checklist as Markdown."""
    state = progress(entries)
    lines = [f"# {title}", ""]
    for entry in entries:
        note = f" ({entry.note})" if entry.note else ""
        lines.append(f"- [{MARKS[entry.verdict]}] {entry.requirement.id} {entry.requirement.text}{note}")
    verdict = "accepted" if state.is_accepted else "not accepted"
    counts = f"{state.met} of {state.total} met, {state.not_met} not met, {state.unchecked} unchecked"
    return "\n".join([*lines, "", f"{counts}: {verdict}.", ""])
