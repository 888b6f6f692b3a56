"""Acts on the network that are remembered: imports of lists, corrections of single places."""
