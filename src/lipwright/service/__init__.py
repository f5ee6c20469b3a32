"""The product around the library: HTTP API, accounts, durable jobs, files, webhooks."""
