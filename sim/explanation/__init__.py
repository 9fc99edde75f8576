"""Why trust moved and why an act was chosen."""
