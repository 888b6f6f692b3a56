"""Template filters of the network's pages."""
