"""Lien: the end-to-end encrypted messenger of the health professionals of a territory."""

__version__ = "0.1.0"
