"""What Lien costs: CPU per delivery and per reconnect, memory per connection. See README.md."""
