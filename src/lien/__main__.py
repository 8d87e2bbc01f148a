"""`python -m lien`."""

from lien.cli import main

raise SystemExit(main())
