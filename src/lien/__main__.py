"""`python -m lien`."""

import sys

from lien.cli import main

sys.exit(main())
