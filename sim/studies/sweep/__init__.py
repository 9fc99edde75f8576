"""A sweep of many points: one folder, resumable."""
