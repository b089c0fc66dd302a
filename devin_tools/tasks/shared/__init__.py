"""What the composed tools are made of."""
