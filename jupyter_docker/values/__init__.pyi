from . import disk_cache, errors
from .choices import BuildChoices, Loaded
from .config import APPLICATION, Defaults, cache_folder, load_defaults
from .container_spec import (
    CACHE_VOLUME_PREFIX,
    Limits,
    Mount,
    Port,
    RunResult,
    RunSpec,
    check_inside,
    duration_text,
    parse_duration,
    parse_memory,
)
from .environment import Distribution, LoadedModule, PythonEnvironment
from .errors import (
    ActiveJobError,
    BaseImageError,
    BuildError,
    CellPosition,
    CellSyntaxError,
    ContainerizeError,
    DiskFullError,
    EngineError,
    EngineLostError,
    EnginePermissionError,
    EngineUnavailableError,
    EnvironmentUnavailableError,
    ExchangeError,
    FreezeError,
    InterruptedRunError,
    KernelDiedError,
    LockError,
    MissingError,
    MissingNameError,
    MountError,
    NameTakenError,
    NotebookError,
    NotebookLanguageError,
    NotReceivableError,
    NotReproducedError,
    NotSendableError,
    PortTakenError,
    PushError,
    ScriptFailedError,
    TimeLimitError,
    UnresolvedImportError,
    UnsavedResultsError,
    UsageError,
    VerificationError,
)
from .events import (
    Emit,
    Event,
    Failed,
    Finished,
    Log,
    Progress,
    StepFinished,
    StepName,
    StepStarted,
    Stream,
    Warned,
    counted,
    from_json,
    step,
    to_json,
)
from .fixes import Advice, Fix, build_fix, mismatch_fix, package_fix, system_package_fix
from .image import (
    IMPORT_FOLDER,
    LABEL_PREFIX,
    PROJECT_ROOT,
    RUNNER_FOLDER,
    BaseSystem,
    BuildContext,
    Image,
    ImagePackages,
    InstalledPackage,
    Recipe,
    Sbom,
    Secret,
)
from .image_reference import ImageReference, slug
from .mount_arguments import SYSTEM_FOLDERS, MountArguments, target_of
from .private import make_private_folder, open_new, open_to_append, write_all, write_private
from .process import NEUTRAL_FOLDER, ProcessError, absolute_folders, find_program, program_path, run_program
from .requirements import Candidate, DataPath, LocalFile, Pin, Requirements, RootSign, SystemPackage, Unresolved
from .scratch import is_own_folder, is_running, process_start, scratch_folder
from .script import Cell, Declared, Origin, Script
from .stamp import STAMP_KEY, Stamp

__all__ = [
    "APPLICATION", "CACHE_VOLUME_PREFIX", "IMPORT_FOLDER", "LABEL_PREFIX", "NEUTRAL_FOLDER", "PROJECT_ROOT",
    "RUNNER_FOLDER", "STAMP_KEY",
    "SYSTEM_FOLDERS", "ActiveJobError", "Advice", "BaseImageError", "BaseSystem", "BuildChoices",
    "BuildContext", "BuildError", "Candidate", "Cell", "CellPosition", "CellSyntaxError", "ContainerizeError",
    "DataPath", "Declared", "Defaults", "DiskFullError", "Distribution", "Emit", "EngineError", "EngineLostError",
    "EnginePermissionError", "EngineUnavailableError", "EnvironmentUnavailableError", "Event", "ExchangeError",
    "Failed", "Finished", "Fix", "FreezeError", "Image", "ImagePackages", "ImageReference", "InstalledPackage",
    "InterruptedRunError",
    "KernelDiedError", "Limits", "Loaded", "LoadedModule", "LocalFile", "LockError", "Log", "MissingError",
    "MissingNameError", "Mount", "MountArguments", "MountError", "NameTakenError", "NotReceivableError",
    "NotReproducedError",
    "NotSendableError", "NotebookError", "NotebookLanguageError", "Origin", "Pin", "Port", "PortTakenError",
    "ProcessError", "Progress", "PushError", "PythonEnvironment", "Recipe", "Requirements", "RootSign", "RunResult",
    "RunSpec", "Sbom", "Script", "ScriptFailedError", "Secret", "Stamp", "StepFinished", "StepName", "StepStarted",
    "Stream",
    "SystemPackage", "TimeLimitError", "Unresolved", "UnresolvedImportError", "UnsavedResultsError", "UsageError",
    "VerificationError", "Warned", "absolute_folders", "build_fix", "cache_folder", "check_inside", "counted",
    "disk_cache", "duration_text", "errors", "find_program", "from_json", "is_own_folder", "is_running",
    "load_defaults", "make_private_folder", "mismatch_fix", "open_new", "open_to_append", "package_fix",
    "parse_duration", "parse_memory", "process_start", "program_path", "run_program", "scratch_folder", "slug", "step",
    "system_package_fix", "target_of", "to_json", "write_all", "write_private",
]  # fmt: skip
