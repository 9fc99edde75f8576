"""Figures of a comparison: what the interventions changed."""
