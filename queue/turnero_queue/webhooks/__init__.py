"""Webhooks: the city's other systems are told what happens, in signed posts, at least once each.

`noting` writes the outbox in the transaction of what happened; `deliveries` reads it, notes how
each try ended and keeps the log; `sending` does the posts; `subscriptions` is who wants to hear.
"""
