"""Saving and loading parameters."""

from __future__ import annotations

import json
import unittest
from typing import Optional

from tabular_preprocessing import Parameters, load_parameters, save_parameters
from tabular_preprocessing.categorical import CategoricalParameters
from tabular_preprocessing.numeric import NumericParameters

from .raises import raises

PARAMETERS = Parameters(
    ("", "NA"),
    (
        NumericParameters("x", None, "standard", 0.1 + 0.2, 1 / 3),
        CategoricalParameters("c", "", "one-hot", "ignore", ("", 'ä"\n')),
    ),
)


def damaged(fields: dict[str, object], column: Optional[int] = None) -> str:
    """The saved text with one field of the file, or of one of its columns, replaced."""
    file = json.loads(save_parameters(PARAMETERS))
    (file if column is None else file["columns"][column]).update(fields)
    return json.dumps(file)


class ParametersTest(unittest.TestCase):
    def test_what_was_saved_is_loaded_without_losing_a_digit(self) -> None:
        self.assertEqual(load_parameters(save_parameters(PARAMETERS)), PARAMETERS)

    def test_text_that_is_no_json_or_json_of_something_else_is_refused(self) -> None:
        cases = ((save_parameters(PARAMETERS)[:40], "not JSON"), ("[]", "must be an object"), ("{}", "not written by"))
        for text, message in cases:
            with self.subTest(text), raises(self, "bad-parameters", message):
                load_parameters(text)

    def test_another_version_is_refused_with_both_versions(self) -> None:
        with raises(self, "unknown-version", "has version 2, this module reads version 1."):
            load_parameters(damaged({"version": 2}))

    def test_a_damaged_field_is_refused_with_its_place(self) -> None:
        cases = (
            (damaged({"center": None}, 0), "columns[0].center must be a finite number."),
            (damaged({"spread": "1"}, 0), "columns[0].spread"),
            (damaged({"spread": float("nan")}, 0), "not JSON"),
            (damaged({"type": "date"}, 0), "columns[0].type must be one of"),
            (damaged({"categories": [1]}, 1), "columns[1].categories"),
            (damaged({"name": None}, 1), "columns[1].name"),
            (damaged({"missing": "NA"}), "missing must be a list"),
            (damaged({"columns": {}}), "columns must be a list"),
        )
        for text, message in cases:
            with self.subTest(message), raises(self, "bad-parameters", message):
                load_parameters(text)


if __name__ == "__main__":
    unittest.main()
