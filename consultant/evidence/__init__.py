"""What is known: lookups, edit checks and choosers, turned into findings with citations."""
