"""The application: command line, configuration, and the jobs they run."""

import _entigraph_home

_entigraph_home.check("entigraph", "lm", "kg", "sampling", "synthesis", "analysis")

__version__ = "0.1.0"
__all__ = ["__version__"]
