"""The provider of the demonstration."""
