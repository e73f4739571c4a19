"""The queue server's domain: offices, services, tickets, order, calling and estimates."""
