"""The attic: Excel and PDF from what the portal keeps. Reads the floor below, never writes to it."""
