"""Indicators, one pure function each, grouped by theme."""
