"""Refuses to mix our packages with a stranger's of the same name, such as a folder `kg` beside a script.

A module of its own because it must be found even where `lm` or `kg` is the stranger's.
"""

import os
from importlib.util import find_spec


def check(package: str, *needed: str) -> None:
    """Raises ImportError where a package that `package` needs is not the one installed beside it.

    Nothing is imported by looking. O(len(needed)) path look-ups.
    """
    home = os.path.dirname(os.path.abspath(__file__))
    for name in needed:
        try:
            spec = find_spec(name)
        except ValueError:  # put into sys.modules by hand, without a spec
            spec = None
        place = (spec.origin if spec else None) or "nowhere"
        if os.path.abspath(place) != os.path.join(home, name, "__init__.py"):
            raise ImportError(
                f"{package} needs the package {name!r} that was installed with it in {home!r}, but Python "
                f"finds another one first: {place!r}. Rename that one, or start Python in another folder",
                name=name,
                path=place,
            )
