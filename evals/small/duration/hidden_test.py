import unittest

from duration import in_words


class InWords(unittest.TestCase):
    def test_parts(self):
        self.assertEqual(in_words(3725), "1 hour, 2 minutes and 5 seconds")
        self.assertEqual(in_words(60), "1 minute")
        self.assertEqual(in_words(61), "1 minute and 1 second")
        self.assertEqual(in_words(86400 * 2 + 1), "2 days and 1 second")
        self.assertEqual(in_words(90061), "1 day, 1 hour, 1 minute and 1 second")

    def test_nothing(self):
        self.assertEqual(in_words(0), "0 seconds")

    def test_what_is_no_duration(self):
        for wrong in [-1, 1.5, "1", None, True]:
            with self.assertRaises(ValueError):
                in_words(wrong)
