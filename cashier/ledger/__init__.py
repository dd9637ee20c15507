"""SQLite: schema and migrations, the one writer, queries, hash chain."""
