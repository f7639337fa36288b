"""Write a census file of the official layout."""

from __future__ import annotations

import sys
from pathlib import Path

from diagnostic.demo.census import write_census

if __name__ == "__main__":
    write_census(Path(sys.argv[1]), int(sys.argv[2]))
