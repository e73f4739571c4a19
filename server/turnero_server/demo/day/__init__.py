"""A day at the municipality, played by nobody: people come, desks call, attend and rest."""
