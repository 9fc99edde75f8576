"""What is kept of a run: tables, summary, provenance, folders."""
