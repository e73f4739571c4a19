"""What every HTTP face shares: access, problems, security headers, assets, the runtime."""
