"""Progress, report and refused evidence."""

import json
import unittest

from requirement_checklist import (
    ChecklistError,
    Evidence,
    Requirement,
    checked,
    progress,
    read_evidence,
    report,
    search,
)

LIST = (
    Requirement("R1", "Speed", "It must start within a second.", "must"),
    Requirement("R2", "Looks", "It should be readable.", "should"),
    Requirement("R3", "Looks", "It may be blue.", "may"),
)


def evidence(*entries: object) -> list[Evidence]:
    return read_evidence(json.dumps(entries), LIST)


def entry(identifier: str, verdict: str = "met", note: str = "measured") -> dict[str, str]:
    return {"id": identifier, "verdict": verdict, "note": note}


class ChecklistTest(unittest.TestCase):
    def test_a_requirement_without_evidence_is_unchecked_and_does_not_count_as_met(self) -> None:
        state = progress(checked(LIST, evidence(entry("R1"))))
        self.assertEqual((state.total, state.met, state.not_met, state.unchecked), (3, 1, 0, 2))
        self.assertFalse(state.is_accepted)

    def test_the_list_is_accepted_when_all_is_met_but_what_only_may_be_done(self) -> None:
        self.assertTrue(progress(checked(LIST, evidence(entry("R1"), entry("R2")))).is_accepted)

    def test_the_list_is_not_accepted_when_something_is_not_met(self) -> None:
        found = evidence(entry("R1"), entry("R2", "not-met"))
        self.assertFalse(progress(checked(LIST, found)).is_accepted)

    def test_the_order_of_the_evidence_does_not_change_the_order_of_the_list(self) -> None:
        entries = checked(LIST, evidence(entry("R3"), entry("R1")))
        self.assertEqual([item.requirement.id for item in entries], ["R1", "R2", "R3"])

    def test_search_finds_requirements_by_words_of_text_and_section_in_any_case(self) -> None:
        self.assertEqual([item.id for item in search(LIST, "LOOKS blue")], ["R3"])
        self.assertEqual(search(LIST, "nothing like it"), [])

    def test_the_report_shows_each_requirement_with_its_mark_and_the_note(self) -> None:
        text = report("A title", checked(LIST, evidence(entry("R2", "not-met", "too small"))))
        self.assertTrue(text.startswith("# A title\n"))
        self.assertIn("- [ ] R1 It must start within a second.\n", text)
        self.assertIn("- [!] R2 It should be readable. (too small)\n", text)
        self.assertIn("0 of 3 met, 1 not met, 2 unchecked: not accepted.", text)

    def test_wrong_evidence_is_refused_with_an_error_that_says_what_and_where(self) -> None:
        cases = (
            ("{", "not-json", "not JSON"),
            ("{}", "not-a-list", "not a list"),
            ("[null]", "bad-entry", "Entry 1 is not an object"),
            ('[{"verdict": "met", "note": "a"}]', "bad-entry", "Entry 1 has no id"),
            (json.dumps([entry("R1", "perhaps")]), "bad-entry", '"met" or "not-met"'),
            (json.dumps([entry("R1", "met", " ")]), "bad-entry", "how it was found out"),
            (json.dumps([entry("R9")]), "unknown-id", "no requirement R9"),
            (json.dumps([entry("R1"), entry("R1")]), "repeated-id", "Entry 2"),
        )
        for text, code, message in cases:
            with self.subTest(code, text=text):
                with self.assertRaises(ChecklistError) as caught:
                    read_evidence(text, LIST)
                self.assertEqual(caught.exception.code, code)
                self.assertIn(message, str(caught.exception))


if __name__ == "__main__":
    unittest.main()
