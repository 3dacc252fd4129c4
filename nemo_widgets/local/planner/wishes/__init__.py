"""From clauses to wishes: what a message wants to be different, one small dataclass a kind of wish."""
