"""Plays a recorded day of a queue against a running server, through its HTTP API."""
