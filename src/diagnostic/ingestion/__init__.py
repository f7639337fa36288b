"""Bytes in, tidy tables out."""
