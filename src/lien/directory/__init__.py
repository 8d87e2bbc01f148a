"""The directory of professionals, from the national extract. This is its public face."""

from lien.directory.errors import BadExtract, BadQuery, ExtractShrunk, ImportRunning
from lien.directory.models import (
    Activity,
    FileKind,
    Page,
    Professional,
    Reason,
    Rejected,
    Report,
)
from lien.directory.rules import Territory, require_query, require_rpps, tokens_of
from lien.directory.service import Directory, Searcher

__all__ = [
    "Activity",
    "BadExtract",
    "BadQuery",
    "Directory",
    "ExtractShrunk",
    "FileKind",
    "ImportRunning",
    "Page",
    "Professional",
    "Reason",
    "Rejected",
    "Report",
    "Searcher",
    "Territory",
    "require_query",
    "require_rpps",
    "tokens_of",
]
