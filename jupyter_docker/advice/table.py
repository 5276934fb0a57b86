"""The table of causes: what the log of a failed step says, and what to do about it in each kind of step.

The first cause that is found counts, so one stands above what follows from it: a full disk or a server out of reach
also makes pip say that there is no matching distribution. Hints are for people who know notebooks and hardly Docker.
"""

from __future__ import annotations

from jupyter_docker.advice.code import CODE, START
from jupyter_docker.advice.installs import TOOLS, VERSIONS
from jupyter_docker.advice.network import DISK, NETWORK

CAUSES = (*DISK, *NETWORK, *TOOLS, *VERSIONS, *CODE, *START)
