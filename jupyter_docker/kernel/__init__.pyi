from .container.folder import folder_of, make_folder, remove_folder, sweep_folders
from .container.launch import container_kernel
from .container.transport import check_reach, owner_of
from .kernelspec import register_kernel, registered_kernels, remove_kernel, renew_kernel
from .lab import Lab
from .notebook.document import as_document, check_writable, write_document, write_report
from .notebook.run import NotebookRun
from .registered import RegisteredKernel
from .sessions.messages import CellError, MimeBundle, as_exception
from .sessions.relay import Overflow, Relay
from .sessions.session import Session
from .values import move_values

__all__ = [
    "CellError", "Lab", "MimeBundle", "NotebookRun", "Overflow", "RegisteredKernel", "Relay", "Session",
    "as_document", "as_exception", "check_reach", "check_writable", "container_kernel", "folder_of",
    "make_folder", "move_values", "owner_of", "register_kernel", "registered_kernels", "remove_folder",
    "remove_kernel", "renew_kernel", "sweep_folders", "write_document", "write_report",
]  # fmt: skip
