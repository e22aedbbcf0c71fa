"""What is asked: topics, codes mentioned, clinical facts, and what is missing, read from masked text."""
