"""The network of places: the nation, its counties, schools and units, as imported and corrected."""
