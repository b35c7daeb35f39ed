"""Accepted texts as training files, each with its provenance beside it and a manifest to verify them by."""

from synthesis.exports.exporting import export
from synthesis.exports.formats import FORMATS, Format
from synthesis.exports.manifest import Verification, verify
from synthesis.exports.report import ExportReport

__all__ = ["FORMATS", "ExportReport", "Format", "Verification", "export", "verify"]
