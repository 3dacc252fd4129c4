"""What a studio remembers: sessions, files and jobs, on disk."""
