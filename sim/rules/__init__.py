"""Rules: pure functions over arrays that know nothing but NumPy."""
