from .cluster import CLUSTERS, Cluster, cluster_in, cluster_of
from .following import follow, progress_of, recorded
from .progress import Progress
from .store import SweepFolder, SweepStore
from .sweep import Sweep, sweep_id
from .table import SweepTable, cell_text

__all__ = [
    "CLUSTERS", "Cluster", "Progress", "Sweep", "SweepFolder", "SweepStore", "SweepTable", "cell_text",
    "cluster_in", "cluster_of", "follow", "progress_of", "recorded", "sweep_id",
]  # fmt: skip
