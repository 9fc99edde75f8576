"""From the words of the command line to checked runs, by Hydra."""
