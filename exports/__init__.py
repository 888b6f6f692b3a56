"""Exports and reports: Excel, CSV, PDF. Reads the floors below, never writes to them."""
