"""What is seen: scenes, titles, uploaded footage, and how they make up a frame."""
