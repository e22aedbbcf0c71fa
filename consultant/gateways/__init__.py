"""The wire: IMAP, SMTP, and the memory twins that pass the same contract tests."""
