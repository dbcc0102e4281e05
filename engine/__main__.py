"""``python -m engine`` is the command ``mouvement``."""

from engine.cli import main

main()
