"""Pages of the room: methodologies as they are, rounds as the commission plans them."""
