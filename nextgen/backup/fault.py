class BackupError(Exception):
    """Why a backup was not made, or is not one to return from, in a sentence."""
