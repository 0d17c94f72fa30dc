"""`python -m ocpprov`."""

from ocpprov.cli import main

if __name__ == "__main__":
    main()
