"""What is heard: music, its instruments, uploaded sound, the mix and its loudness."""
