"""Paying and certificates for citizens: at the touchscreen, and on the pages behind their QRs."""
