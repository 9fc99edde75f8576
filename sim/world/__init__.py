"""The state of the model: arrays, sparse rows, ledger, log."""
