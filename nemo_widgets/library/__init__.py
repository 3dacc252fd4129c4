"""What must outlive the kernel: a ledger of jobs, and the clips that came of them."""

from nemo_widgets.library.library import Cleaning, Library
from nemo_widgets.library.records import JobRecord, Place, Wanted

__all__ = ["Cleaning", "JobRecord", "Library", "Place", "Wanted"]
