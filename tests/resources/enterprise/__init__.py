"""What is known of each resource of an enterprise, as in the folder above."""
