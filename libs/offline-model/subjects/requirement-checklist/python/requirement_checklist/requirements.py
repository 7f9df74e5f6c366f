"""The requirements as data, in the order and the words of the text."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Requirement:
    """One thing the text asks for."""

    id: str
    #: The heading of the text it stands under.
    section: str
    text: str
    #: How strongly the text asks: "must", "should", "may", or "unstated".
    force: str


# [baton:title]
TITLE = "A sample text"
# [/baton]

# [baton:requirements]
REQUIREMENTS = (
    Requirement("R1", "A sample text", "It must start within a second.", "must"),
    Requirement("R2", "A sample text", "It may be blue.", "may"),
)
# [/baton]
