"""The work itself: the same as in examples/workers/typescript."""

import re

from messages import TaskError

WORDS_PER_MINUTE = 200


def measure(arguments):
    if not isinstance(arguments, dict) or not isinstance(arguments.get("text"), str):
        raise TaskError("Baton.InvalidInput", "The arguments do not fit: expected a text.", retryable=False)
    text = arguments["text"]
    words = re.findall(r"(?:[^\W\d_]|\d|[’'-])+", text)
    if not words:
        raise TaskError("EmptyText", "There is no word in the text.")
    return {
        "words": len(words),
        "sentences": max(1, len(re.findall(r"[.!?。！？]+(?=\s|$)", text))),
        "longestWord": max(words, key=len),
        "readingMinutes": len(words) / WORDS_PER_MINUTE,
    }
