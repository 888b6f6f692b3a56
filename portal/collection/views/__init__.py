"""Pages of a round: boards, deeds, forms, tables, results."""
