"""`lien gateway`: clinical documents; its parts are those of the operator and of the hospital."""

from typing import Final

from lien.cli import Subparsers, add_command
from lien.cli.gateway_hospital import add as add_hospital
from lien.cli.gateway_operator import add as add_operator
from lien.cli.gateway_samples import add as add_samples
from lien.cli.gateway_spool import add as add_spool

_EPILOG: Final = """\
on the server, by its operator:
  lien gateway allow --name "CHU, comptes rendus" --structure 970000001
  lien gateway list
  lien gateway revoke GATEWAY --yes

in the hospital:
  lien gateway register --server https://lien.example --code CODE
  lien gateway run
  lien gateway send report.pdf --metadata report.json
  lien gateway status
  lien gateway retry all
  lien gateway release NUMBER --to 99000000018

anywhere:
  lien gateway check-samples samples/             what would become of each file
  lien gateway check-samples samples/ --production   the same, with test identities refused
"""


def add(subparsers: Subparsers) -> None:
    """Register the command and its parts."""
    parser = add_command(
        subparsers, "gateway", "Bring clinical documents from a hospital to their readers.", _EPILOG
    )
    parts = parser.add_subparsers(title="parts", metavar="PART", required=True)
    add_operator(parts)
    add_hospital(parts)
    add_spool(parts)
    add_samples(parts)
