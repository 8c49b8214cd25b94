"""Pages: each module has ROUTES, and may have HOMES and WATCHES (see `tabletop.web.app`)."""
