"""The roof: settings, addresses, the server door. Sees everything; nobody imports it."""
