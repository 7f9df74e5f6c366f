import unittest

from luhn import check_digit, is_valid


class Luhn(unittest.TestCase):
    def test_known_numbers(self):
        self.assertTrue(is_valid("4539 1488 0343 6467"))
        self.assertTrue(is_valid("79927398713"))
        self.assertFalse(is_valid("79927398710"))
        self.assertFalse(is_valid("8273 1232 7352 0569"))

    def test_what_is_no_number(self):
        for wrong in ["", "0", " ", "59a", "4539_1488", "٤٥"]:
            self.assertFalse(is_valid(wrong), wrong)
        self.assertTrue(is_valid("0-0"))

    def test_check_digit(self):
        self.assertEqual(check_digit("7992739871"), 3)
        self.assertEqual(check_digit("0"), 0)
        self.assertEqual(check_digit("1"), 8)
        for wrong in ["", "-", "a"]:
            with self.assertRaises(ValueError):
                check_digit(wrong)
