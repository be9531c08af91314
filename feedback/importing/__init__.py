"""Read rounds from files: exports, exports that a spreadsheet program saved again, and Quick, Draw! lines."""
