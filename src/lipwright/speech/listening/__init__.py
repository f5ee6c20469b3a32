"""A recording to speech: decoded, and what is said in it heard, with a transcript or without."""
