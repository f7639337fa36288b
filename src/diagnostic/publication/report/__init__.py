"""The French PDF diagnostic, typeset with Typst."""
