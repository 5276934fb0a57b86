from .building.build import build
from .connection.endpoint import has_context
from .connection.engine import Engine, connect, host_platform, runs_host_programs
from .connection.identity import LOGS_LABEL, OWNER_LABEL, VERSION_LABEL, Scope, name_of, uid_gid, user_of
from .connection.translate import translated
from .containers.attachment import Attachment
from .containers.containers import Running, run, start_detached
from .containers.creation import Removal, create, start
from .containers.ending import describe, out_of_time, size_text
from .containers.interrupts import Interrupts
from .containers.lifecycle import logs, remove, remove_now, stop
from .containers.listing import ContainerInfo, container_events, find, inventory_mark, list_containers
from .containers.shell import exec_
from .containers.watching import dismiss, start_watch
from .files.contents import read_image_file
from .files.leftovers import is_abandoned, owned, sweep
from .files.results import Results
from .files.runlog import RunLog
from .files.unpacking import name_refusal, printable
from .images.archive import load_images, save_images
from .images.base_system import base_system
from .images.ownership import hex_of, own_images, record_own
from .images.packages import image_packages
from .images.prune import PrunePlan, build_cache_size, disk_usage, plan_prune, prune
from .images.registry import pull, push, registry_refusal
from .images.store import (
    UNTAGGED,
    ensure_base,
    find_image,
    image_entrypoint,
    image_workdir,
    list_images,
    remove_image,
    tag_image,
)

__all__ = [
    "LOGS_LABEL", "OWNER_LABEL", "UNTAGGED", "VERSION_LABEL", "Attachment", "ContainerInfo", "Engine", "Interrupts",
    "PrunePlan", "Removal", "Results", "RunLog", "Running", "Scope", "base_system", "build", "build_cache_size",
    "connect", "container_events", "create", "describe", "disk_usage", "dismiss", "ensure_base", "exec_", "find",
    "find_image", "has_context", "hex_of", "host_platform", "image_entrypoint", "image_packages", "image_workdir",
    "inventory_mark", "is_abandoned", "list_containers", "list_images", "load_images", "logs", "name_of",
    "name_refusal", "out_of_time", "own_images", "owned", "plan_prune", "printable", "prune", "pull", "push",
    "read_image_file", "record_own", "registry_refusal", "remove", "remove_image", "remove_now", "run",
    "runs_host_programs", "save_images", "size_text", "start", "start_detached", "start_watch", "stop", "sweep",
    "tag_image", "translated", "uid_gid", "user_of",
]  # fmt: skip
