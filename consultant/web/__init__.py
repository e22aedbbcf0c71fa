"""The desk for reviewers, served over HTTP; works without JavaScript and better with it."""
