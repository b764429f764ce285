"""The whole site as files that need no server: for a shelf, for thirty years."""
