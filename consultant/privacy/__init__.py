"""Keep what names a person out of sight: mask it in text, seal it at rest, purge it in time."""
