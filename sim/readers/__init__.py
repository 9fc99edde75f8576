"""One file a format of event data; all read into one table of events."""
