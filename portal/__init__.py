"""The first floor: rooms whose doors open only downwards: rounds, then ui."""
