"""From a draft to a file: frames drawn and encoded in parallel, and joined."""
