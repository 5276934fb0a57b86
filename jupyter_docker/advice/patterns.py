"""Words of logs that more than one cause is known by."""

from __future__ import annotations

MISSING_MODULE = r"No module named ['\"]([\w.]+)['\"]|Missing optional dependency ['\"]([\w.-]+)['\"]"
# What libraries say where they can do without it but not well.
SUGGESTED_MODULE = (
    r"No module named ['\"]?([\w.]+)|Missing optional dependency ['\"]([\w.-]+)['\"]|`?[Ii]mport (\w+)`? failed|"
    r"pip3? install (?:-\S+ )*['\"]?([A-Za-z][\w.-]*\w)|"
    r"requires? (?:the )?['\"`]?([\w.-]+)['\"`]? (?:package|to be installed)"
)
MISSING_FILE = r"(?:FileNotFoundError|No such file or directory)[^\n]*?['\"]([^'\"\n]+)['\"]"
MISSING_LIBRARY = r"(lib[\w.+-]+\.so[.\d]*): cannot open shared object file"
SUGGESTED_LIBRARY = rf"{MISSING_LIBRARY}|cannot load library '(lib[\w.+-]+)'"
MISSING_PROGRAM = (
    r"No such file or directory: ['\"](?:PosixPath\(')?([\w.+-]+)['\"]|(?:^|[:\s])([\w.+-]+): (?:command )?not found|"
    r"failed to execute (?:PosixPath\(')?['\"]?([\w.+-]+)"
)
DISK_FULL = r"(?i:no space left on device|disk quota exceeded)"
CERTIFICATE = (
    r"(?i:certificate[ _]verify[ _]failed|invalid peer certificate|certificate signed by unknown authority|"
    r"certificate verification failed|self.signed certificate)"
)
NO_NAME = (
    r"(?i:name resolution|temporary failure resolving|name or service not known|failed to lookup address|"
    r"could not resolve|no such host)"
)
