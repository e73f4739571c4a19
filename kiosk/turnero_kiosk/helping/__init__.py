"""Help at the kiosk: calling a person, and letting them help on the screen."""
