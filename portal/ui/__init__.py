"""What every page shares: base template, components, error pages, numbers as Romanians write them."""
