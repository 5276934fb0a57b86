"""Groups of options that several verbs share: the notebook, how its image is made, what its container may have."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_image_options(parser: argparse.ArgumentParser) -> argparse._ArgumentGroup:
    """Add what says how an image is made, of a notebook or for a cell; returns the group it is in."""
    group = parser.add_argument_group("what goes in")
    group.add_argument("--base", metavar="IMAGE", help="the base image (default: python:X.Y-slim)")
    group.add_argument("--apt", action="append", default=[], metavar="PACKAGE", help="a Debian package; repeatable")
    group.add_argument(
        "--no-apt", action="append", default=[], metavar="PACKAGE", help="never add this one by itself; repeatable"
    )
    group.add_argument(
        "--with",
        dest="with_",
        action="append",
        default=[],
        metavar="REQUIREMENT",
        help="a package that no line imports",
    )
    group.add_argument("-r", "--requirement", action="append", default=[], metavar="FILE", help="a requirements file")
    group.add_argument("--kernel", metavar="NAME", help="freeze this kernelspec's environment")
    group.add_argument("--python", type=Path, metavar="PATH", help="freeze this interpreter's environment")
    group.add_argument(
        "--project", type=Path, metavar="DIR", help="the folder that the notebook may name files of (default: found)"
    )
    group.add_argument("--loaded", type=Path, metavar="FILE", help="what its running kernel has loaded, as JSON")
    group.add_argument(
        "--allow-build",
        action="append",
        default=[],
        metavar="NAME",
        help="a package that the image may build from source; repeatable",
    )
    group.add_argument("--platform", default="", metavar="OS/ARCH", help="such as linux/arm64 (default: the engine's)")
    return group


def add_container_options(parser: argparse.ArgumentParser) -> argparse._ArgumentGroup:
    """Add what a container may have and use, for a notebook or for cells; returns the group it is in."""
    group = parser.add_argument_group("the container")
    group.add_argument(
        "-v", "--volume", action="append", default=[], metavar="SRC:DST[:ro]", help="mount ./folder, or a named volume"
    )
    group.add_argument(
        "-e", "--env", action="append", default=[], metavar="NAME[=VALUE]", help="an environment variable"
    )
    group.add_argument("--env-file", action="append", default=[], type=Path, metavar="FILE", help="a file of them")
    group.add_argument("-p", "--publish", action="append", default=[], metavar="[HOST:]PORT", help="publish a port")
    group.add_argument("--gpus", default="", metavar="all|N", help="GPUs to give it")
    group.add_argument("--memory", metavar="SIZE", help="such as 512m or 2g")
    group.add_argument("--shm-size", metavar="SIZE", help="how large /dev/shm may grow (default: half of the memory)")
    group.add_argument("--cpus", type=float, metavar="N", help="such as 1.5")
    group.add_argument("--network", default="", metavar="NAME", help="such as none")
    group.add_argument("--user", metavar="UID[:GID]", help="run as (default: you)")
    add_mount_roots(group)
    return group


def add_freeze_options(parser: argparse.ArgumentParser) -> None:
    """Add what says how a notebook is frozen: how its image is made, and values for its parameters."""
    group = add_image_options(parser)
    group.add_argument(
        "-P", "--parameter", action="append", default=[], metavar="NAME=VALUE", help="a value for the parameters cell"
    )
    group.add_argument(
        "--parameters-file",
        action="append",
        default=[],
        type=Path,
        metavar="FILE",
        help="values for the parameters cell, as JSON or YAML; repeatable",
    )


def add_build_options(parser: argparse.ArgumentParser) -> None:
    """Add what says how the image of a notebook is frozen, built and named."""
    add_freeze_options(parser)
    group = parser.add_argument_group("the image")
    group.add_argument("-t", "--tag", action="append", default=[], metavar="REFERENCE", help="name it; repeatable")
    group.add_argument(
        "--allow-mismatch",
        action="append",
        default=[],
        metavar="NAME",
        help="lock this package though the index's files are not the installed ones; repeatable",
    )
    group.add_argument("--no-cache", dest="cache", action="store_false", help="build every step again")


def add_run_options(parser: argparse.ArgumentParser) -> None:
    """Add the notebook, and what says how it is built and run."""
    add_notebook(parser)
    add_build_options(parser)
    group = add_container_options(parser)
    group.add_argument("-d", "--detach", action="store_true", help="leave it running, and print its name and URL")
    group.add_argument("--name", default="", help="the container's name")
    add_timeout(group)
    add_data_option(parser)
    parser.add_argument("--mode", choices=("script", "notebook"), default="script", help="as a script, or cell by cell")
    parser.add_argument("--output-notebook", type=Path, metavar="PATH", help="the executed notebook of --mode notebook")
    parser.add_argument("--report", action="store_true", help="write it as a page (HTML) too, beside it")


def add_notebook(parser: argparse.ArgumentParser) -> None:
    """Add the notebook, which may be left out inside of one."""
    parser.add_argument("notebook", nargs="?", metavar="NB", help="the notebook; inside one, the current")


def add_timeout(group: argparse._ArgumentGroup) -> None:
    """Add how long a container may run."""
    group.add_argument("--timeout", metavar="TIME", help="how long it may run, such as 90s, 10m or 1h30m")


def add_data_option(parser: argparse.ArgumentParser) -> None:
    """Add whether the data of the notebook is mounted."""
    parser.add_argument(
        "--data", choices=("auto", "none"), default="auto", help="mount what the notebook reads and writes beside it"
    )


def add_verify_option(parser: argparse.ArgumentParser) -> None:
    """Add whether the lock is checked by a run."""
    parser.add_argument(
        "--verify", action="store_true", help="run it in its image without network, and add what it lacks"
    )
    add_mount_roots(parser.add_argument_group("the container"))


def add_mount_roots(group: argparse._ArgumentGroup) -> None:
    """Add the folders that mounts must be in."""
    group.add_argument(
        "--mount-root",
        action="append",
        default=[],
        type=Path,
        metavar="PATH",
        help="mount only what is below it; repeatable (default: anything)",
    )


def add_any_owner(parser: argparse.ArgumentParser) -> None:
    """Add whether other users' containers or images count."""
    parser.add_argument("--any-owner", action="store_true", help="those that other users of the engine made, too")
