"""From a message to what it says: tokens, clauses, references."""
