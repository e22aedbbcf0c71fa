"""Letters as values (RFC 5322): read, screened, threaded and composed, knowing nothing of cases."""
