"""Figures of a bulletin."""
