"""Do the names of a text stand in its context, in whatever form? (`check`)

Written otherwise (`capitals`), said otherwise (`other_forms` with the tables of `everyday_forms`), or a country, a
people and a place for one another (`peoples`, `world`, in Chinese `chinese_places`). `everyday_names` are no names.
"""

from synthesis.checks.names.check import SPEAKER, Names, unsupported

__all__ = ["SPEAKER", "Names", "unsupported"]
