"""The case on file: countries, record, scenario, parameters, settings."""
