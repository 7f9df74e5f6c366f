"""Columns of categories."""

from __future__ import annotations

import unittest

from tabular_preprocessing import CategoricalColumn
from tabular_preprocessing.categorical import (
    CategoricalValues,
    apply_categorical,
    categorical_outputs,
    learn_categorical,
)
from tabular_preprocessing.config import Constant

from .raises import raises


def encoded(column: CategoricalColumn, training: CategoricalValues, served: CategoricalValues) -> list[list[int]]:
    """What a column becomes when it is learned from `training` and applied to `served`."""
    return apply_categorical(learn_categorical(column, training), served)


class CategoricalTest(unittest.TestCase):
    def test_one_hot_encoding_has_a_column_for_each_category_in_sorted_order(self) -> None:
        parameters = learn_categorical(CategoricalColumn("c"), ["b", "a", "b"])
        self.assertEqual(categorical_outputs(parameters), ["c=a", "c=b"])
        self.assertEqual(apply_categorical(parameters, ["b", "a"]), [[0, 1], [1, 0]])

    def test_ordinal_encoding_has_one_column_with_the_place_of_the_category(self) -> None:
        parameters = learn_categorical(CategoricalColumn("c", encode="ordinal"), ["b", "a", "c"])
        self.assertEqual(categorical_outputs(parameters), ["c"])
        self.assertEqual(apply_categorical(parameters, ["c", "a"]), [[2], [0]])

    def test_a_given_order_fixes_the_codes(self) -> None:
        column = CategoricalColumn("c", encode="ordinal", order=("S", "M", "L"))
        self.assertEqual(encoded(column, ["L", "S"], ["L", "S"]), [[2], [0]])

    def test_a_category_in_training_that_is_not_in_the_given_order_is_an_error(self) -> None:
        with raises(self, "unseen-category", 'Column "c", row 2: "XL" is not in the configured order.'):
            learn_categorical(CategoricalColumn("c", order=("S", "M")), ["S", "XL"])

    def test_the_order_of_the_training_rows_does_not_change_the_codes(self) -> None:
        column = CategoricalColumn("c")
        self.assertEqual(learn_categorical(column, ["ä", "z", "A"]), learn_categorical(column, ["A", "ä", "z"]))

    def test_an_unseen_category_is_an_error_where_the_policy_says_so(self) -> None:
        with raises(self, "unseen-category", 'Column "c", row 2: the category "new" was not seen in training.'):
            encoded(CategoricalColumn("c"), ["a"], ["a", "new"])

    def test_an_unseen_category_is_all_zeros_or_minus_1_where_it_is_ignored(self) -> None:
        self.assertEqual(encoded(CategoricalColumn("c", unseen="ignore"), ["a", "b"], ["new"]), [[0, 0]])
        column = CategoricalColumn("c", encode="ordinal", unseen="ignore")
        self.assertEqual(encoded(column, ["a", "b"], ["new"]), [[-1]])

    def test_imputes_the_most_frequent_category_or_a_constant(self) -> None:
        column = CategoricalColumn("c", "most-frequent")
        self.assertEqual(encoded(column, ["b", "a", "b", None], [None]), [[0, 1]])
        self.assertEqual(encoded(CategoricalColumn("c", Constant("none")), ["b", None], [None]), [[0, 1]])

    def test_of_several_most_frequent_categories_the_first_in_order_is_taken(self) -> None:
        self.assertEqual(encoded(CategoricalColumn("c", "most-frequent"), ["b", "a"], [None]), [[1, 0]])

    def test_a_missing_category_without_imputation_is_an_error(self) -> None:
        with raises(self, "missing-value", 'Column "c", row 2'):
            learn_categorical(CategoricalColumn("c"), ["a", None])
        with raises(self, "missing-value"):
            encoded(CategoricalColumn("c"), ["a"], [None])

    def test_a_column_without_any_category_gives_nothing_to_learn_from(self) -> None:
        with raises(self, "nothing-to-learn"):
            learn_categorical(CategoricalColumn("c", "most-frequent"), [None])


if __name__ == "__main__":
    unittest.main()
