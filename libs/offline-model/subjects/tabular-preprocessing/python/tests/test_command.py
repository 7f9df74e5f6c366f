"""The command, also with errors."""

from __future__ import annotations

import contextlib
import io
import os
import tempfile
import unittest
from pathlib import Path

from tabular_preprocessing.__main__ import run

EXAMPLE = Path(__file__).parent.parent / "example"


def outcome(*arguments: object) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    return run([str(argument) for argument in arguments], out, err), out.getvalue(), err.getvalue()


def fit_example(params: object) -> tuple[int, str, str]:
    return outcome("fit", "--config", EXAMPLE / "config.json", "--data", EXAMPLE / "train.csv", "--params", params)


class CommandTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def test_fit_writes_parameters_transform_writes_csv_to_a_file_or_to_stdout(self) -> None:
        params, out = self.folder / "params.json", self.folder / "out.csv"
        self.assertEqual(fit_example(params), (0, "Learned 5 columns from 6 rows.\n", ""))
        transform = ("transform", "--params", params, "--data", EXAMPLE / "serve.csv")
        self.assertEqual(outcome(*transform, "--out", out), (0, "Wrote 2 rows.\n", ""))
        code, printed, _ = outcome(*transform)
        self.assertEqual((code, printed), (0, out.read_text(encoding="utf-8")))
        self.assertTrue(printed.startswith("age,income,visits,city=Basel,city=Bern,city=Genf,size\n"))
        self.assertEqual(sorted(os.listdir(self.folder)), ["out.csv", "params.json"])

    def test_after_an_error_nothing_is_written_and_what_was_there_is_as_it_was(self) -> None:
        params, data, out = self.folder / "params.json", self.folder / "data.csv", self.folder / "out.csv"
        fit_example(params)
        before = params.read_text(encoding="utf-8")
        data.write_text("age,income\n1,x\n", encoding="utf-8")
        code, _, err = outcome("fit", "--config", EXAMPLE / "config.json", "--data", data, "--params", params)
        self.assertEqual((code, err), (1, 'not-a-number: Column "income", row 1: "x" is not a number.\n'))
        self.assertEqual(params.read_text(encoding="utf-8"), before)
        self.assertEqual(outcome("transform", "--params", params, "--data", data, "--out", out)[0], 1)
        self.assertFalse(out.exists())

    def test_a_file_that_cannot_be_read_or_is_no_text_is_an_error_with_exit_code_1(self) -> None:
        missing = outcome("transform", "--params", "no-such.json", "--data", EXAMPLE / "serve.csv")
        self.assertEqual(missing, (1, "", "unreadable-file: The file no-such.json cannot be read.\n"))
        data = self.folder / "data.csv"
        data.write_bytes(b"age\n\xff\n")
        _, _, err = outcome("fit", "--config", EXAMPLE / "config.json", "--data", data, "--params", self.folder / "p")
        self.assertIn("is not UTF-8 text", err)

    def test_a_folder_that_does_not_exist_is_an_error_with_exit_code_1(self) -> None:
        self.assertIn("cannot be written", fit_example(self.folder / "no-such-folder" / "params.json")[2])

    def test_wrong_use_shows_the_usage_on_stderr_with_exit_code_2(self) -> None:
        for arguments in (("guess",), ("fit",), ("fit", "--config"), ("transform", "--params", "a", "--x", "b")):
            err = io.StringIO()
            with self.subTest(arguments), self.assertRaises(SystemExit) as left, contextlib.redirect_stderr(err):
                outcome(*arguments)
            self.assertEqual(left.exception.code, 2)
            self.assertTrue(err.getvalue().startswith("usage:"))


if __name__ == "__main__":
    unittest.main()
