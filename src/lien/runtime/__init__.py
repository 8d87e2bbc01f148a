"""The processes of one machine: the embedded Valkey, the workers, and commands beside them."""
