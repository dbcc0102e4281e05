"""The TZR adjustment phase: who teaches where for the year among the titulaires of the zones de remplacement."""
