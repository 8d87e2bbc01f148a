"""Every door: HTTP routes, the WebSocket, and who is asking."""
