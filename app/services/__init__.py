"""What the shop does: a public function is one act, one transaction: load, allow, act, commit, return."""
