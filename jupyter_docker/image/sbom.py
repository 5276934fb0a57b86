"""The software bill of materials of an image: its packages as a CycloneDX document."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import NAMESPACE_URL, uuid5

from cyclonedx.model import Property
from cyclonedx.model.bom import Bom, BomMetaData
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.tool import ToolRepository
from cyclonedx.output import make_outputter
from cyclonedx.schema import OutputFormat, SchemaVersion
from packageurl import PackageURL
from packaging.utils import canonicalize_name

from jupyter_docker import __version__
from jupyter_docker.values import LABEL_PREFIX, Image, ImagePackages, InstalledPackage, Sbom, UsageError


def make_sbom(image: Image, found: ImagePackages) -> Sbom:
    """Return the document, in JSON of CycloneDX 1.6: of the same image the same text.

    Its time is SOURCE_DATE_EPOCH where that is set, else that of the image. Raises UsageError where it is no number.
    """
    packages = [_package(each, found) for each in found.packages]
    whole = _image_component(image)
    tool = Component(name="jupyter-containerize", version=__version__, type=ComponentType.APPLICATION, bom_ref="tool")
    bom = Bom(
        serial_number=uuid5(NAMESPACE_URL, image.id),
        metadata=BomMetaData(timestamp=_time(image), component=whole, tools=ToolRepository(components=[tool])),
        components=[*packages, *_system(found)],
    )
    bom.register_dependency(whole, [*bom.components])
    text = make_outputter(bom, OutputFormat.JSON, SchemaVersion.V1_6).output_as_string(indent=2)
    return Sbom(text=f"{text}\n")


def _image_component(image: Image) -> Component:
    facts = {"id": image.id, "reference": str(image.reference), "digest": image.digest, "platform": image.platform}
    return Component(
        name=str(image.reference),
        version=image.digest or image.id,
        type=ComponentType.CONTAINER,
        bom_ref="image",
        properties=[
            Property(name=f"{LABEL_PREFIX}image.{name}", value=value) for name, value in facts.items() if value
        ],
    )


def _package(package: InstalledPackage, found: ImagePackages) -> Component:
    url = _debian_url(package, found) if package.kind == "deb" else _python_url(package)
    return Component(name=package.name, version=package.version, purl=url, bom_ref=url.to_string())


def _python_url(package: InstalledPackage) -> PackageURL:
    return PackageURL(type="pypi", name=canonicalize_name(package.name), version=package.version)


def _debian_url(package: InstalledPackage, found: ImagePackages) -> PackageURL:
    qualifiers: Mapping[str, str] = {"arch": package.architecture} if package.architecture else {}
    return PackageURL("deb", found.system, package.name, package.version, {**qualifiers})


def _system(found: ImagePackages) -> list[Component]:
    if not found.system_version:
        return []
    kind = ComponentType.OPERATING_SYSTEM
    return [Component(name=found.system, version=found.system_version, type=kind, bom_ref="system")]


def _time(image: Image) -> datetime:
    asked = os.environ.get("SOURCE_DATE_EPOCH")
    try:
        if asked:
            return datetime.fromtimestamp(int(asked), UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise UsageError(f"SOURCE_DATE_EPOCH is '{asked}', no time.", hint="Set seconds since 1970.") from error
    try:
        return datetime.fromisoformat(image.created)
    except ValueError:
        return datetime.fromtimestamp(0, UTC)
