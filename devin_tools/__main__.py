"""`python -m devin_tools`."""

from .cli import main

if __name__ == "__main__":
    main()
