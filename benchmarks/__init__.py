"""Benchmarks of the shop, each beside the least work that could give the same answer; see README.md."""
