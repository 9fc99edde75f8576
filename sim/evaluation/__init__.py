"""Forecasts, baselines, scores and stylised facts."""

MODEL = "detente"
"""Name of the model among the forecasters of a backtest."""
