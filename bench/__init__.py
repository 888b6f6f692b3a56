"""Benchmarks: ratios against baselines in the same run. Never part of the tests."""
