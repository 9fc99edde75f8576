"""Parameters from event data and from known cases."""
