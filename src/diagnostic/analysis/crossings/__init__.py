"""Crossings of public statistics, of what residents declare, and of what is done."""
