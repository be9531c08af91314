"""The store in PostgreSQL: the engine for many processes on many machines. It needs the extra `postgres`."""
