"""An agent in google-adk's own form; imported by its server, in an environment of its own."""

from . import agent  # noqa: F401  where the server looks for it
