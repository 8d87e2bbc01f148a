"""Who lives in the deployments that are broken here."""

from pathlib import Path

from lien.demo import NAME
from lien.ids import RppsNumber

EXTRACT = Path(__file__).parents[2] / "src/lien/demo" / NAME
PEOPLE = [RppsNumber(f"990000000{digits}") for digits in ("02", "10", "28", "36")]
