"""Maps and charts: tables in, matplotlib figures out."""
