"""The six operations, a module each: what a known caller asks for becomes an answer."""
