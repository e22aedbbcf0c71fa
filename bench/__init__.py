"""Side-by-side measurements, one module each, run by `make bench`."""
