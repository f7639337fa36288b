"""Public tables in, documents out; nothing is computed here."""
