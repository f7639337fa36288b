"""Public sources, one file each, that register themselves in ``diagnostic.ingestion.source.SOURCES``."""
