"""The list of requirements is whole."""

import unittest

from requirement_checklist import REQUIREMENTS, TITLE


class RequirementsTest(unittest.TestCase):
    def test_the_list_has_every_requirement_once_numbered_without_a_gap(self) -> None:
        self.assertGreater(len(REQUIREMENTS), 0)
        self.assertEqual([entry.id for entry in REQUIREMENTS], [f"R{n}" for n in range(1, len(REQUIREMENTS) + 1)])

    def test_each_requirement_has_words_a_section_and_a_force(self) -> None:
        for entry in REQUIREMENTS:
            with self.subTest(entry.id):
                self.assertTrue(entry.text.strip())
                self.assertTrue(entry.section.strip())
                self.assertIn(entry.force, ("must", "should", "may", "unstated"))

    def test_the_title_is_one_line(self) -> None:
        self.assertRegex(TITLE, r"\A[^\n]+\Z")


if __name__ == "__main__":
    unittest.main()
