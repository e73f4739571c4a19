"""What the person who runs an office sees of it, and what they may do about it at once."""
