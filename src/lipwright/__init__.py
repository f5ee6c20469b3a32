"""Lipwright: a script or a recording, plus an avatar, becomes a lip-synced talking video."""

__version__ = "0.1.0"
