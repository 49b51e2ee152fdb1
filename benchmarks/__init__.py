"""Benchmarks, which compare the shop with the least work that gives the same answer; see README.md."""
