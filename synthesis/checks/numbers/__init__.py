"""Do the numbers and dates of a text stand in its context, in whatever words, or follow from it? (`check`)

A text is read into quantities, dates and periods (`numerals`, `units`, `quantities`, `dates`, `periods`); what its
context supports is looked up by value (`support`), and what is left may be reckoned (`reckoning`, `derived`): from
days and hours (`days`, `shifts`), rises and falls (`rises`), so much in a time (`rates`) or for each (`multiples`).
"""

from synthesis.checks.numbers.check import Numbers, numbers, unexplained, unsupported

__all__ = ["Numbers", "numbers", "unexplained", "unsupported"]
