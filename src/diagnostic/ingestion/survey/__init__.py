"""Survey platforms, one file each: their exports in, canonical responses out."""
