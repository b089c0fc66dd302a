"""The version of this package, and how it introduces itself."""

__all__ = ["USER_AGENT", "__version__"]

__version__ = "0.1.0"
USER_AGENT = f"devin-tools/{__version__}"
