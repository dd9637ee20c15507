"""A till for shop counters in Rwanda; see docs/ and CONTRIBUTING.md for the map."""

__version__ = "0.1.0"
