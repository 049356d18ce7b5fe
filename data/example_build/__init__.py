"""Parts of the generator of the example district; `data/build_example.py` runs them."""
