"""Extension of wishes: order of zones, added wishes, points kept."""
