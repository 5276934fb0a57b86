"""Registries' credentials of Docker's config.json, read only when a registry is asked.

docker-py reads all of it when a client is made, so that one broken entry keeps it from every engine, and it waits for
a credentials program for ever.
"""

from __future__ import annotations

import base64
import json
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from docker import DockerClient
from docker.api.client import APIClient
from docker.auth import INDEX_NAME, INDEX_URL, AuthConfig, convert_to_hostname, resolve_index_name
from docker.credentials.constants import PROGRAM_PREFIX
from docker.credentials.errors import CredentialsNotFound, StoreError, process_store_error
from docker.errors import DockerException

from jupyter_docker.engine.connection.endpoint import docker_config_folder
from jupyter_docker.values import NEUTRAL_FOLDER, find_program

_SECTIONS = ("auths", "credsStore", "credHelpers")
_SECONDS_TO_ANSWER = 60  # it may ask a person for a passphrase


class Credentials(AuthConfig):
    """The sections of config.json about credentials, each entry read when its registry is asked."""

    def __init__(self, sections: Mapping[str, Any]) -> None:
        auths, helpers = sections.get("auths"), sections.get("credHelpers")
        super().__init__(
            {
                "auths": dict(auths) if isinstance(auths, dict) else {},
                "credsStore": sections.get("credsStore") or None,
                "credHelpers": helpers if isinstance(helpers, dict) else {},
            }
        )

    @property
    def is_empty(self) -> bool:
        """False, since docker-py reads the file again for what is empty."""
        return False

    def resolve_authconfig(self, registry: str | None = None) -> dict[str, Any] | None:
        """Return the credentials for that registry, None without; raises DockerException where they can't be read."""
        store = self.get_credential_store(registry)
        kept = _kept(store, INDEX_URL if registry in (None, "", INDEX_NAME) else str(registry)) if store else None
        if kept is not None:
            return kept
        wanted = resolve_index_name(registry) if registry else INDEX_NAME
        entry = next((name for name in self.auths if wanted in (name, resolve_index_name(name))), None)
        return None if entry is None else self._read(entry)

    def get_all_credentials(self) -> dict[str, Any]:
        """Return those of all registries that can be read."""
        names = {*self.auths, *self.cred_helpers}
        if self.creds_store:
            with suppress(StoreError, ValueError):
                names |= set(json.loads(_Program(self.creds_store).ask("list")))
        found: dict[str, Any] = {}
        for name in sorted(names):
            with suppress(DockerException):
                if credentials := self.resolve_authconfig(convert_to_hostname(name)):
                    found |= {name: credentials, convert_to_hostname(name): credentials}
        return found

    def _read(self, name: str) -> dict[str, Any]:
        entry = self.auths[name]
        if not isinstance(entry, dict):
            raise _broken(name, "it is no object")
        if entry.get("identitytoken"):
            return {"IdentityToken": entry["identitytoken"]}
        if not entry.get("auth"):
            return {}
        try:
            user, colon, password = base64.b64decode(str(entry["auth"])).decode("utf-8").partition(":")
        except ValueError:
            raise _broken(name, "its 'auth' is not in base64") from None
        if not colon:
            raise _broken(name, "its 'auth' has no user and password")
        return {"username": user, "password": password, "email": entry.get("email"), "serveraddress": name}


def _kept(program: str, registry: str) -> dict[str, Any] | None:
    """Return what the credentials program ``docker-credential-PROGRAM`` has for the registry."""
    try:
        found = json.loads(_Program(program).ask("get", registry))
        user, secret = found["Username"], found["Secret"]
    except CredentialsNotFound:
        return None
    except (StoreError, ValueError, KeyError, TypeError) as error:
        raise DockerException(f"credentials store error: {error}") from error
    if not user and not secret:  # as docker-credential-pass says that it has none
        return None
    known = {"ServerAddress": registry}
    return {**known, "IdentityToken": secret} if user == "<token>" else {**known, "Username": user, "Password": secret}


class _Program:
    """A credentials program, looked for on PATH alone and waited for within a limit."""

    def __init__(self, name: str) -> None:
        self.program = f"{PROGRAM_PREFIX}{name}"
        self.exe = find_program(self.program) if "/" not in name else None

    def ask(self, action: str, registry: str = "") -> bytes:
        """Return what it answers; raises StoreError, CredentialsNotFound among them."""
        if self.exe is None:
            raise StoreError(f"{self.program} not installed, or not on PATH")
        try:
            done = subprocess.run(
                [self.exe, action], input=registry.encode(), cwd=NEUTRAL_FOLDER, capture_output=True, check=True,
                timeout=_SECONDS_TO_ANSWER,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            raise StoreError(f"{self.program} does not answer in {_SECONDS_TO_ANSWER} s") from None
        except subprocess.CalledProcessError as error:
            error.output = error.output or error.stderr
            raise process_store_error(error, self.program) from error
        except OSError as error:
            raise StoreError(f"{self.program} can't be started: {error.strerror}") from error
        return done.stdout


class _Api(APIClient):
    """docker-py's client, which gets the rest of config.json alone to read."""

    @property
    def _general_configs(self) -> dict[str, Any]:
        return self._without_credentials

    @_general_configs.setter
    def _general_configs(self, loaded: dict[str, Any]) -> None:
        self._credentials = Credentials(loaded)
        rest = {name: value for name, value in loaded.items() if name not in _SECTIONS}
        self._without_credentials = {**rest, "auths": {}}  # where nothing is left it would read the file again

    @property
    def _auth_configs(self) -> Credentials:
        return self._credentials

    @_auth_configs.setter
    def _auth_configs(self, loaded: object) -> None:
        """Keep what there is: docker-py's own reading of the rest has none."""


class Client(DockerClient):
    """A client whose start depends on no entry about registries."""

    def __init__(self, **options: Any) -> None:
        self.api = _Api(**options)


def _broken(name: str, why: str) -> DockerException:
    file = docker_config_folder() / "config.json"
    return DockerException(f"credentials entry error: the entry '{name}' in '{file}' can't be read: {why}")
