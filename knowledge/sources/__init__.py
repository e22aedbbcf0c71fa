"""The official releases as they are published: one module a format, files in, typed rows and a report out."""
