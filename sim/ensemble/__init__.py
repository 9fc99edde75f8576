"""Many replicates: a checked run, its blocks, and where they are simulated."""
