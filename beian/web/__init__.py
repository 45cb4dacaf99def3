"""What all portals share between a request and a page: who may, lists, filters, forms, components."""
