"""Reading media files, carefully: a file from a person may be hostile."""
