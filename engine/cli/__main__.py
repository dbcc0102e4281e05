"""``python -m engine.cli`` is the command ``mouvement``."""

from engine.cli import main

main()
