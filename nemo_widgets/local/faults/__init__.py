"""What goes wrong on request: the plan, and how it is carried out."""
