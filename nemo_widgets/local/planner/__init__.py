"""The agent's mind: from a message and a draft to the steps that change it."""
