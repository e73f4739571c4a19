"""Devices: slips, printers, the print outbox and the agent."""
