"""Demo data, loaded by `manage.py load_demo`: every name, number and address in it is made up."""
