"""The program on a kiosk machine that drives its printers for the server."""
