"""How was the service? Asked on the phone, at a desk's tablet and at the kiosk."""
