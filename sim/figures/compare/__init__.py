"""Figures of a comparison: effects of the what-ifs."""
