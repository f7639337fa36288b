"""Public sources, one file each; every module here registers itself in ``diagnostic.ingestion.source.SOURCES``."""
