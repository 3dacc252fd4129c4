"""Recording what goes over the wire, and replaying it: `record`, and ``connect("demo.nemo")``."""

from nemo_widgets.client.cassette.recorder import Recorder, current, record

__all__ = ["Recorder", "current", "record"]
