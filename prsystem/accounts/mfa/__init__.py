"""The second factor: codes of an app (TOTP), security keys (WebAuthn), recovery codes."""
