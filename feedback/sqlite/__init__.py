"""The store in an SQLite file: the engine for one server process. Nothing else knows that there is a file."""
