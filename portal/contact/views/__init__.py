"""Pages of the contact room."""
