"""What frames made from answers need beside themselves: the days that a partial date may mean."""

from partnergraph.show.frames import spans

__all__ = ["spans"]
