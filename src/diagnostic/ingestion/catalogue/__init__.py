"""What exists, who publishes it, and where it is had: data, kept by hand, and their readers."""
