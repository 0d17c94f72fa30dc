"""Reading a plan: one pass that finds every error, and a typed plan when there is none."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any, Final

from ocpprov.engine.resources import Position
from ocpprov.engine.secret_texts import SecretTexts
from ocpprov.engine.values import Value
from ocpprov.kinds.contract import Kind
from ocpprov.plan.checking import Checker
from ocpprov.plan.generated_names import generated_name_problems
from ocpprov.plan.install_config import filled
from ocpprov.plan.installer_files import another_file, gone_config
from ocpprov.plan.model import AwsSettings, OpenShift, Output, Plan, RememberedFiles
from ocpprov.plan.network_plugin import join_problems
from ocpprov.plan.nodes import MOST_BYTES, Node, parse
from ocpprov.plan.openshift_notes import section_notes
from ocpprov.plan.openshift_section import openshift
from ocpprov.plan.problems import PlanError, PlanErrors
from ocpprov.plan.template import Template, find_resources, read_resources, rendered_cluster
from ocpprov.plan.template_cycles import cycles
from ocpprov.plan.template_evaluation import template_evaluator
from ocpprov.plan.template_outputs import read_outputs
from ocpprov.plan.template_parameters import read_parameters, secret_parameters, unknown_parameters
from ocpprov.plan.template_rules import TemplateContext, template_problems
from ocpprov.plan.template_symbols import Symbols, openshift_symbols, parameter_symbols, pseudo_parameters
from ocpprov.plan.top_level import (
    REGION_PATTERN,
    TEMPLATE_KEYS,
    TOP_LATER,
    TOP_LEVEL,
    aws_settings,
    endpoint_errors,
    region_problem,
    user_tag_problems,
)
from ocpprov.runs.input_files import read_input

_MOST_CYCLES: Final = 20


def _nothing(name: str) -> RememberedFiles:
    return RememberedFiles()


def _no_rules(context: TemplateContext) -> Iterator[PlanError]:
    yield from ()


OpenShiftIds = Callable[[OpenShift], Mapping[str, str]]
Rules = Callable[[TemplateContext], Iterator[PlanError]]


@dataclass(frozen=True)
class Inputs:
    """What is given beside the file: names for templates that have none, parameters, and where paths begin.

    `openshift_ids` gives id and type of every resource that an openshift section expands to, `rules` find what a
    template must not do to the cluster. `remembered` gives what an apply of the plan with a name has kept of the
    installer's files. `own` are the ids that are known to be this plan's own, None where nobody has asked AWS.
    `destroying`: what only making needs may be missing.
    """

    kinds: Mapping[str, Kind]
    name: str = ""
    region: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)
    base: Path = Path()
    openshift_ids: OpenShiftIds | None = None
    rules: Rules = _no_rules
    remembered: Callable[[str], RememberedFiles] = _nothing
    own: frozenset[str] | None = frozenset()
    destroying: bool = False


def load_file(path: Path, inputs: Inputs) -> Plan:
    """Read a plan from a file. Raises PlanErrors, also when the file can't be read."""
    try:
        content = read_input(path, MOST_BYTES + 1)
    except OSError as error:
        place = Position(str(path), 1, 1)
        if isinstance(error, IsADirectoryError):
            folder = PlanError(place, "", "is a folder", "name a plan file; `ocpprov fleet` takes all of a folder")
            raise PlanErrors([folder]) from None
        raise PlanErrors([PlanError(place, "", f"can't be read: {error.strerror}")]) from None
    return load(content, str(path), inputs)


def load(text: str | bytes, file: str, inputs: Inputs) -> Plan:
    """Read a plan from text. Raises PlanErrors with all that is wrong, and nothing else whatever the text is."""
    root = parse(text, file, if_empty="write at least name and region")
    if root.mapping() is None:
        raise PlanErrors([PlanError(root.position, "", f"a plan is a mapping, not {root.what()}")])
    other = another_file(root, Path(file).name)
    if other is not None:
        raise PlanErrors([PlanError(root.position, "", *other)])
    loader = _Loader(root, file, inputs)
    if inputs.own is not None or not loader.ids:
        return loader.load()
    # Either the plan has made what the install-config names, or it is there already: one of both has to be good.
    try:
        return loader.load()
    except PlanErrors as error:
        as_own = error
    try:
        plan = _Loader(root, file, replace(inputs, own=frozenset())).load()
    except PlanErrors as error:
        both = [each for each in as_own.errors if each in error.errors]
        raise PlanErrors(both or as_own.errors) from None
    return replace(plan, undecided=True)


class _Loader:
    def __init__(self, root: Node, file: str, inputs: Inputs) -> None:
        self._file = file
        self._inputs = inputs
        self._checker = Checker()
        self._errors = self._checker.errors
        own_name = (root.mapping() or {}).get("name")
        named = own_name.value if own_name is not None and isinstance(own_name.value, str) else inputs.name
        self._remembered = inputs.remembered(named)
        self._filled = filled(root, inputs.base, self._errors, self._remembered.install_config, inputs.own)
        self._root, self._complete = self._filled.root, self._filled.complete
        self._mapping = self._root.mapping() or {}

    @property
    def ids(self) -> frozenset[str]:
        """Ids of what may be there already, as the install-config names them."""
        return self._filled.ids

    def load(self) -> Plan:
        own = {key: node for key, node in self._mapping.items() if key not in TEMPLATE_KEYS}
        head = Node(own, self._root.position, self._root.keys)
        if self._filled.gone and not self._inputs.destroying:
            self._errors.append(gone_config(self._openshift["installConfig"]))
        top = self._checker.members(head, TOP_LEVEL, "", TOP_LATER, TEMPLATE_KEYS)
        name, region = self._given(top, "name", self._inputs.name), self._given(top, "region", self._inputs.region)
        aws = aws_settings(top.get("aws") or {}, self._mapping.get("aws"))
        self._errors.extend(endpoint_errors(self._mapping.get("aws")))
        self._known_region(region, aws)
        self._account()
        tags = top.get("userTags") or {}
        self._user_tags(tags)
        section = self._section(name, region)
        pseudo = pseudo_parameters(name, region, top.get("accountID") or "")
        template, outputs, secrets = self._second_layer(name, pseudo, section, tags)
        if self._errors:
            raise PlanErrors([_without(each, secrets) for each in self._errors])
        return Plan(
            name=name,
            region=region,
            account_id=top.get("accountID", ""),
            user_tags=tags,
            aws=aws,
            openshift=section,
            resources=template.resources,
            outputs=outputs,
            positions={**self._root.keys, **template.positions},
            file=self._file,
            cluster=section.cluster_domain if section else rendered_cluster(self._root),
            lock=top.get("lock") or "",
            id=top.get("id") or "",
            exclusive=frozenset(top.get("exclusive") or ()),
            notes=(*self._filled.notes, *self._notes(section, tags)),
            remembered=self._to_remember(section),
            named_ids=self._filled.ids | self._filled.given,
            undecided=self._inputs.own is None and bool(self._filled.ids),
            partial=self._filled.gone,
            protect=bool(top.get("protect")),
            secrets=secrets,
            own_roles=self._filled.own_roles,
        )

    def _second_layer(
        self, name: str, symbols: Symbols, section: OpenShift | None, tags: Mapping[str, str]
    ) -> tuple[Template, list[Output], SecretTexts]:
        """What is written beside the section: the resources and outputs, and which texts in them are secret."""
        ids, is_given = self._openshift_ids(section), "openshift" in self._mapping
        parameters = self._parameters()
        secrets = SecretTexts(secret_parameters(self._mapping.get("Parameters"), parameters))
        symbols |= openshift_symbols(section, given=is_given)
        symbols |= parameter_symbols(parameters, frozenset(secrets.parameters))
        written = find_resources(self._root, ids, self._errors)
        evaluator = template_evaluator(
            self._mapping,
            symbols,
            {**ids, **{name: one.type for name, one in written.items()}},
            written,
            self._inputs.kinds,
            self._errors,
            uncertain=section is None and is_given,
        )
        template = read_resources(written, self._inputs.kinds, evaluator)
        context = TemplateContext(template, section, ids, tags, name)
        self._errors.extend(template_problems(context))
        self._errors.extend(generated_name_problems(context, self._inputs.kinds))
        self._errors.extend(self._inputs.rules(context))
        outputs = read_outputs(self._mapping.get("Outputs"), evaluator)
        self._errors.extend(islice(cycles(template, evaluator.references), _MOST_CYCLES))
        return template, outputs, secrets.also(evaluator.derived)

    def _notes(self, section: OpenShift | None, tags: Mapping[str, str]) -> Iterator[str]:
        if section is not None:
            yield from section_notes(section, self._openshift, tags, self._filled.plugin)
        elif not {"openshift", "Resources"} & set(self._mapping):
            yield f"{self._root.position}: nothing is in it: an openshift section or Resources make something"

    @property
    def _openshift(self) -> Mapping[str, Node]:
        """The keys of the openshift section as they are written."""
        node = self._mapping.get("openshift")
        return (node.mapping() or {}) if node else {}

    def _to_remember(self, section: OpenShift | None) -> RememberedFiles:
        from_file = section is not None and "metadata" in self._openshift
        return RememberedFiles(section.infra_id if section and from_file else "", self._filled.kept)

    def _given(self, top: Mapping[str, Any], key: str, given: str) -> str:
        """A top-level name, from the file or from the command line; both must agree."""
        value = top.get(key)
        if key in self._mapping:
            if given and value and value != given:
                message = f"{value} in the plan, {given} on the command line"
                self._wrong(self._mapping[key], key, message, "make them agree")
            return value or ""
        if not given and (self._complete or (self._filled.gone and self._inputs.destroying)):
            self._wrong(self._root, key, "is missing", f"every plan has one, or give --{key}")
        row = next(row for row in TOP_LEVEL if row.name == key)
        if given and not re.fullmatch(row.pattern, given):
            # Folders, locks and tags are named by it.
            self._wrong(self._root, key, f"invalid value {given!r} of --{key}", row.documentation)
        return given

    def _known_region(self, region: str, aws: AwsSettings) -> None:
        """Whoever wants to destroy something in a region may do so, known or not."""
        if not re.fullmatch(REGION_PATTERN, region) or self._inputs.destroying:
            return
        if wrong := region_problem(region, aws):
            self._wrong(self._mapping.get("region", self._root), "region", *wrong)

    def _account(self) -> None:
        node = self._mapping.get("accountID")
        if node is not None and isinstance(node.value, int):
            self._wrong(node, "accountID", "must be a string, as leading zeros count", f'write "{node.value:012d}"')

    def _user_tags(self, tags: Mapping[str, Any]) -> None:
        for problem in user_tag_problems(tags):
            node = self._mapping["userTags"]
            place = node.keys.get(problem.where.partition(".")[2], node.position)
            self._errors.append(PlanError(place, problem.where, problem.detail, problem.remedy))

    def _section(self, name: str, region: str) -> OpenShift | None:
        if "openshift" not in self._mapping:
            return None
        section = openshift(
            self._mapping["openshift"],
            self._checker,
            self._inputs.base,
            region,
            complete=self._complete,
            more_subnets=self._has("AWS::EC2::Subnet"),
            remembered=self._remembered.infra_id,
        )
        if section:
            self._errors.extend(join_problems(self._filled.plugin, section))
        if section and section.infra_id and section.infra_id == name:
            place = self._mapping.get("name", self._root)
            self._wrong(place, "name", "is the infraID", "choose a name of the plan's own")
        return section

    def _has(self, type: str) -> bool:
        """Whether something in Resources is written as of this type."""
        resources = self._mapping.get("Resources")
        written = [one.mapping() or {} for one in ((resources.mapping() or {}) if resources else {}).values()]
        return any("Type" in one and one["Type"].value == type for one in written)

    def _openshift_ids(self, section: OpenShift | None) -> Mapping[str, str]:
        if section is None or self._inputs.openshift_ids is None:
            return {}
        try:
            return self._inputs.openshift_ids(section)
        except ValueError as error:
            self._wrong(self._mapping["openshift"], "openshift", str(error))
            return {}

    def _parameters(self) -> Mapping[str, Value]:
        declared, given = self._mapping.get("Parameters"), self._inputs.parameters
        parameters = read_parameters(declared, given, self._checker)
        self._errors.extend(unknown_parameters(given, parameters, (declared or self._root).position))
        return parameters

    def _wrong(self, node: Node, path: str, message: str, hint: str = "") -> None:
        self._errors.append(PlanError(node.position, path, message, hint))


def _without(error: PlanError, secrets: SecretTexts) -> PlanError:
    """The error, showing none of these texts."""
    return replace(error, message=secrets.masked(error.message), hint=secrets.masked(error.hint))
