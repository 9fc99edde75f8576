"""Event data of several formats as one table."""
