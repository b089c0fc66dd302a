"""What the tools of an enterprise do to the world, in modules named like theirs."""
