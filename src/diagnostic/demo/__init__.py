"""The fictional territory: its raw files, written in the producers' own formats and quirks."""
