"""The map room: snapshots of layers, painters, the render job, base map, printing (no widgets)."""
