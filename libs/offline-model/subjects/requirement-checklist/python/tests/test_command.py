"""The command, also with errors."""

import io
import unittest

from requirement_checklist import REQUIREMENTS
from requirement_checklist.__main__ import run


def outcome(*arguments: str) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    return run(arguments, out, err), out.getvalue(), err.getvalue()


class CommandTest(unittest.TestCase):
    def test_without_evidence_the_command_prints_the_whole_list_as_unchecked(self) -> None:
        _, out, err = outcome()
        for entry in REQUIREMENTS:
            self.assertIn(f"- [ ] {entry.id} {entry.text}", out)
        self.assertIn(f"0 of {len(REQUIREMENTS)} met", out)
        self.assertEqual(err, "")

    def test_a_file_that_cannot_be_read_is_an_error_with_exit_code_2(self) -> None:
        code, out, err = outcome("no-such-file.json")
        self.assertEqual((code, out), (2, ""))
        self.assertIn("no-such-file.json cannot be read", err)

    def test_more_than_one_argument_is_an_error_that_shows_the_usage(self) -> None:
        code, _, err = outcome("a", "b")
        self.assertEqual(code, 2)
        self.assertIn("Usage", err)


if __name__ == "__main__":
    unittest.main()
