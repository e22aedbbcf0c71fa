"""The dated code knowledge base: usable alone, imports nothing of the service."""
