"""What is measured on a run: paths, measures, expectations."""
