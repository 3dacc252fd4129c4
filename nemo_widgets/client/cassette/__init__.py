"""Recording what goes over the wire, and replaying it: `record`, and ``connect("demo.nemo")``."""

from nemo_widgets.client.cassette.recorder import Recorder, record

__all__ = ["Recorder", "record"]
