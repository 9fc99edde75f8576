"""What states can do, and what law and protocol allow."""
