"""A checkable list of requirements: see README.md."""

from .checklist import (
    CheckedRequirement,
    ChecklistError,
    Evidence,
    Progress,
    checked,
    progress,
    read_evidence,
    report,
    search,
)
from .requirements import REQUIREMENTS, TITLE, Requirement

__all__ = [
    "REQUIREMENTS",
    "TITLE",
    "CheckedRequirement",
    "ChecklistError",
    "Evidence",
    "Progress",
    "Requirement",
    "checked",
    "progress",
    "read_evidence",
    "report",
    "search",
]
