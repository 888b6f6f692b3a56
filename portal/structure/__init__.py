"""Keeping the network: looking through it, importing and exporting its lists, correcting single places, and the record of who did what."""
