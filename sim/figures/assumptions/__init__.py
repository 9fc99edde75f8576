"""Figures of key assumptions."""
