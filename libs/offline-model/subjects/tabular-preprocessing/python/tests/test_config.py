"""Reading a configuration."""

import json
import unittest

from tabular_preprocessing import CategoricalColumn, Config, NumericColumn, parse_config

from .raises import raises


class ConfigTest(unittest.TestCase):
    def test_only_name_and_type_must_be_given(self) -> None:
        text = '{"columns":[{"name":"x","type":"numeric"},{"name":"c","type":"categorical"}]}'
        self.assertEqual(parse_config(text), Config((NumericColumn("x"), CategoricalColumn("c")), ("",)))

    def test_a_wrong_configuration_is_an_error_that_names_the_place(self) -> None:
        cases = (
            ({"type": "numeric"}, "columns[0].name"),
            ({"name": "x", "type": "date"}, "columns[0].type must be one of numeric, categorical"),
            ({"name": "x", "type": "numeric", "impute": "mode"}, "columns[0].impute must be one of"),
            ({"name": "x", "type": "numeric", "impute": {"constant": "0"}}, "columns[0].impute.constant"),
            ({"name": "x", "type": "numeric", "impute": {"constant": True}}, "columns[0].impute.constant"),
            ({"name": "x", "type": "numeric", "encode": "one-hot"}, 'a numeric column, has no setting "encode"'),
            ({"name": "x", "type": "categorical", "impute": "mean"}, "columns[0].impute must be one of"),
            ({"name": "x", "type": "categorical", "unseen": "guess"}, "columns[0].unseen"),
            ({"name": "x", "type": "categorical", "order": ["a", "a"]}, "must list each category once"),
        )
        for column, message in cases:
            with self.subTest(message), raises(self, "bad-config", message):
                parse_config(json.dumps({"columns": [column]}))

    def test_a_configuration_that_is_none_is_an_error(self) -> None:
        twice = {"name": "x", "type": "numeric"}
        cases = (
            ("{", "not JSON"),
            ('{"columns":[]}', "lists no column"),
            ('{"columns":[],"mising":[]}', 'no setting "mising"'),
            (json.dumps({"columns": [twice, twice]}), '"x" twice'),
        )
        for text, message in cases:
            with self.subTest(text), raises(self, "bad-config", message):
                parse_config(text)


if __name__ == "__main__":
    unittest.main()
