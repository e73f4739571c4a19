"""A pretended provider of payments: a process of its own, speaking Mercado Pago's contract.

It is for trying and testing. Whatever it says is marked SIMULADO; no money moves.
"""
