"""One file a survey platform: how its exports are recognised and read."""
