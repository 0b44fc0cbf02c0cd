"""LETS, an office in the browser: its promise, its tables without any foreign key, and six years of made-up lives."""
