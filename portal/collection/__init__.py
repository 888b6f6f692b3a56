"""Collecting: what each place of a round answers, who may write when, checks, finalisation, frozen results."""
