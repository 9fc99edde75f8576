"""Figures of a sensitivity analysis: what drives the outcome."""
