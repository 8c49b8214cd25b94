"""Word tables, one module an area."""
