"""What the declarations of resources are made of: fields, times, and writes that take effect once."""
