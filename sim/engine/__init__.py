"""One day of the model, in order."""
