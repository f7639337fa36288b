"""Many territories from one reading of the files, in processes of this machine or on those of a scheduler."""

from __future__ import annotations

from diagnostic.batch.jobs import Outcome
from diagnostic.batch.making import Batch, gather, make
from diagnostic.batch.territories import Member, in_regions, read_list, share

__all__ = ["Batch", "Member", "Outcome", "gather", "in_regions", "make", "read_list", "share"]
