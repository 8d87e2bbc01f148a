"""The use cases of the directory: find, search, import."""

from lien.directory.service.directory import Directory
from lien.directory.service.search import Searcher

__all__ = ["Directory", "Searcher"]
