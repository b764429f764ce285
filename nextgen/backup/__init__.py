"""Backups of the whole site, and its return from one."""
