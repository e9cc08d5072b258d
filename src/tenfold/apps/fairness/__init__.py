"""Impact ratios of finished periods, from what people said of themselves: frozen, and safe to publish."""
