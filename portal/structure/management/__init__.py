"""Commands that keep the network."""
