"""Columns of numbers."""

from __future__ import annotations

import unittest

from tabular_preprocessing import NumericColumn
from tabular_preprocessing.config import Constant
from tabular_preprocessing.numeric import NumericValues, apply_numeric, learn_numeric, parse_numbers

from .raises import raises


def scaled(column: NumericColumn, training: NumericValues, served: NumericValues) -> list[float]:
    """What a column becomes when it is learned from `training` and applied to `served`."""
    return apply_numeric(learn_numeric(column, training), served)


PLAIN = NumericColumn("x")
STANDARD = NumericColumn("x", scale="standard")
MIN_MAX = NumericColumn("x", scale="min-max")
EIGHT = [2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0]


class NumericTest(unittest.TestCase):
    def test_reads_numbers_and_the_missing_spellings_as_missing(self) -> None:
        fields = ["1", "-2.5", "+.5", "1e3", " 7 ", "", "NA"]
        self.assertEqual(parse_numbers("x", fields, ["", "NA"]), [1, -2.5, 0.5, 1000, 7, None, None])

    def test_text_in_a_numeric_column_is_an_error_that_names_column_and_row(self) -> None:
        for field in ("abc", "1,5", "0x10", "1 2", "--1", ".", "1_000", "٣"):
            with self.subTest(field), raises(self, "not-a-number", f'Column "x", row 2: "{field}" is not a number.'):
                parse_numbers("x", ["1", field], [""])

    def test_nan_and_infinite_numbers_are_an_error_of_their_own(self) -> None:
        for field in ("NaN", "Infinity", "-inf", "1e999"):
            with self.subTest(field), raises(self, "not-finite", "row 1"):
                parse_numbers("x", [field], [""])

    def test_a_field_of_blanks_is_no_missing_value_unless_it_is_configured(self) -> None:
        with raises(self, "not-a-number"):
            parse_numbers("x", [" "], [""])

    def test_imputes_the_mean_the_median_the_most_frequent_value_or_a_constant(self) -> None:
        training = [1.0, 1.0, 4.0, 10.0, None]
        for impute, expected in (("mean", 4), ("median", 2.5), ("most-frequent", 1), (Constant(-7.0), -7)):
            with self.subTest(impute):
                self.assertEqual(scaled(NumericColumn("x", impute), training, [None]), [expected])

    def test_the_median_of_an_odd_number_of_values_is_the_middle_one(self) -> None:
        self.assertEqual(scaled(NumericColumn("x", "median"), [10.0, 2.0, 9.0], [None]), [9])

    def test_of_several_most_frequent_values_the_smallest_is_taken_whatever_their_order(self) -> None:
        for training in ([5.0, 3.0, 5.0, 3.0, 9.0], [3.0, 5.0, 3.0, 5.0, 9.0]):
            self.assertEqual(scaled(NumericColumn("x", "most-frequent"), training, [None]), [3])

    def test_a_missing_value_without_imputation_is_an_error_in_training_and_when_serving(self) -> None:
        with raises(self, "missing-value", 'Column "x", row 2'):
            learn_numeric(PLAIN, [1.0, None])
        with raises(self, "missing-value", 'Column "x", row 2'):
            scaled(PLAIN, [1.0], [1.0, None])

    def test_a_column_without_any_value_gives_nothing_to_learn_from_except_for_a_constant(self) -> None:
        with raises(self, "nothing-to-learn"):
            learn_numeric(NumericColumn("x", "mean"), [None])
        self.assertEqual(scaled(NumericColumn("x", Constant(3.0)), [None], [None]), [3])

    def test_standard_scaling_gives_mean_0_and_variance_1_in_training(self) -> None:
        self.assertEqual(scaled(STANDARD, EIGHT, EIGHT), [-1.5, -0.5, -0.5, -0.5, 0, 0, 1, 2])

    def test_min_max_scaling_gives_0_to_1_in_training_and_values_beyond_it_where_served_ones_are(self) -> None:
        self.assertEqual(scaled(MIN_MAX, [10.0, 20.0, 15.0], [10.0, 20.0, 15.0]), [0, 1, 0.5])
        self.assertEqual(scaled(MIN_MAX, [10.0, 20.0], [5.0, 40.0]), [-0.5, 3])

    def test_a_constant_column_becomes_0_also_where_its_mean_is_not_exactly_its_value(self) -> None:
        self.assertEqual(scaled(MIN_MAX, [7.0, 7.0], [7.0, 8.0]), [0, 0])
        self.assertEqual(scaled(STANDARD, [0.1, 0.1, 0.1], [0.1, 5.0]), [0, 0])

    def test_imputed_values_take_part_in_the_scale_that_is_learned(self) -> None:
        self.assertEqual(scaled(NumericColumn("x", Constant(0.0), "min-max"), [10.0, None], [10.0]), [1])

    def test_a_single_served_value_is_scaled_with_what_was_learned(self) -> None:
        self.assertEqual(scaled(STANDARD, EIGHT, [9.0]), [2])
        self.assertEqual(scaled(MIN_MAX, [10.0, 20.0], [15.0]), [0.5])

    def test_numbers_too_large_to_compute_with_are_an_error_not_nan(self) -> None:
        with raises(self, "not-finite"):
            learn_numeric(STANDARD, [1e308, 1e308, -1e308])
        with raises(self, "not-finite", "row 1"):
            scaled(MIN_MAX, [0.0, 1e-300], [1e300])


if __name__ == "__main__":
    unittest.main()
