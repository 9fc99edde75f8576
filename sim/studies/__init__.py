"""What-ifs, sweeps and sensitivity: many runs compared."""
