"""The citizen's faces: touchscreen and phone."""
