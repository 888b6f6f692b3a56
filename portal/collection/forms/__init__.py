"""Forms of the collection's pages."""
