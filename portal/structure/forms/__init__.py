"""Forms of the network: lists to import, corrections of places."""
