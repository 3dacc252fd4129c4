"""From wishes to drafts: each kind of wish changes a draft in one way, and says what it did."""
