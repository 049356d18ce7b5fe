"""Alerts as rings around the symbols of their stations."""

from collections.abc import Iterator

from gridmap.capabilities.alerts.work.records import alerts
from gridmap.capabilities.stations.work.rings import Ring
from gridmap.store.project import Project


def rings(project: Project) -> Iterator[Ring]:
    """A ring for each alert that stands for itself. Any thread."""
    for one in alerts(project):
        yield Ring(one.station, int(one.grade), one.start, one.end or one.last, one.is_live)
