"""Appointments for citizens: booked, found again and checked in at the touchscreen."""
