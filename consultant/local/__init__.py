"""The embedded mail server and the sample letters behind `consultant up`."""
