"""Finding a tool among hundreds: by words, for a model, a person or a program; and calling what was found."""
