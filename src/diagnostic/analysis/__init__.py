"""Pure functions on tables: they open no file and draw nothing."""
