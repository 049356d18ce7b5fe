"""Start GridMap from a checkout: `uv run main.py` opens the example project."""

from gridmap.cli import main

if __name__ == "__main__":
    main()
