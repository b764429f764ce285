"""The brochure: what it tells, how it is set, and how it is made and kept."""
