"""The application: command line, configuration, and the jobs they run."""

__version__ = "0.1.0"
__all__ = ["__version__"]
