"""The mail side, measured beside its limit and its peer on the same letters, in one run."""
