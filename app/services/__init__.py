"""What the shop does. One public function is one act and one transaction: load, allow, act, commit, return."""
