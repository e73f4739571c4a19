"""The staff's faces: desk console, supervision, configuration."""
