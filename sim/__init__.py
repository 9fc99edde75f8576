"""Détente: a what-if laboratory for bilateral relations."""

__version__ = "0.1.0"
