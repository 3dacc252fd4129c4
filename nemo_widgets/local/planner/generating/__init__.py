"""Plans for a new video: the raw clip first, then music, titles and sounds."""
