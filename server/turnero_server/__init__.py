"""What composes and runs the product: app factory, command line, jobs, demo."""
