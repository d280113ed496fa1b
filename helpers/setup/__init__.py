"""Settings, keys and the file .env; why something is not found."""
