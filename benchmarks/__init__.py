"""How fast the shop is, each time beside what its machine could do at most; see README.md."""
