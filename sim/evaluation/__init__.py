"""Forecasts, baselines, scores and stylised facts."""
