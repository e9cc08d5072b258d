"""What every app stands on: tenancy, audit trail, background work, HTTP, uploads, shared templates, registries."""
