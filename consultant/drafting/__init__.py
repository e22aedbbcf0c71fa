"""Findings become an outline of claims, the outline becomes a draft, and an approved text becomes a letter."""
