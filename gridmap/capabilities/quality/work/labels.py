"""Faults that people labelled in the notes of a project, for comparing with findings."""

import numpy as np
import pandas as pd

from gridmap.capabilities.quality.rules.agreement import Label
from gridmap.store.project import Project
from gridmap.store.records import read_notes

_PREFIX = "fault:"


def labelled_faults(project: Project) -> tuple[Label, ...]:
    """The notes of kinds "fault:<check>", each with its readings that have a value.

    The end of a note is the first moment after it.
    """
    with project.reading() as connection:
        notes = read_notes(connection)
    labels = []
    for note in notes.to_dict("records"):
        if not str(note["kind"]).startswith(_PREFIX) or not note["item"]:
            continue
        frame = project.series.read(note["station"], note["item"], note["start"], note["end"])
        index = pd.DatetimeIndex(frame.index[~np.isnan(frame["value"].to_numpy(np.float64))])
        moments = tuple(index.as_unit("us").asi8.tolist())
        check = str(note["kind"]).removeprefix(_PREFIX)
        labels.append(Label(check, note["station"], note["item"], moments))
    return tuple(labels)
