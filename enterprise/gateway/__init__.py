"""The two loops that talk to a bureau: uploads one at a time, downloads until there are none."""
