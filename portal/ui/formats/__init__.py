"""How each language writes dates, where Django says otherwise."""
