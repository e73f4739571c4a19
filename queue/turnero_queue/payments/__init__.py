"""Paying: amounts, the life of a payment, providers, refunds and reconciliation."""
