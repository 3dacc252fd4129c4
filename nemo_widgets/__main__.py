"""``python -m nemo_widgets`` is ``nemo-widgets``."""

from nemo_widgets.cli import main

if __name__ == "__main__":
    main()
