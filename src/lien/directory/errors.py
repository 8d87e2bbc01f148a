"""
What can go wrong with the directory.

* `Malformed`
    * `BadQuery`         `malformed`
    * `BadExtract`       `bad_extract`        only at import
* `Conflict`
    * `ImportRunning`    `conflict`
    * `ExtractShrunk`    `extract_shrunk`     only at import
"""

from lien.errors import Conflict, Malformed


class BadQuery(Malformed):
    """A search with too few or too many characters, or a page mark that is none of ours."""


class BadExtract(Malformed):
    """The file is not an extract of the national directory; nothing was changed."""

    code = "bad_extract"


class ImportRunning(Conflict):
    """Another import holds the directory, or took it over from this one."""


class ExtractShrunk(Conflict):
    """So many people would leave that the file is more likely cut off; nothing was changed."""

    code = "extract_shrunk"
