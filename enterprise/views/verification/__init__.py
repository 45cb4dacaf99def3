"""The counter: verification in person, appointments, and what is kept of them."""
