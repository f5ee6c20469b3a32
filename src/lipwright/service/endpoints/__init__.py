"""What each endpoint does: a `Call` in, a JSON value out.  No HTTP in here but statuses."""
