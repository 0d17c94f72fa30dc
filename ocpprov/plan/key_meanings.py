"""What each key of a plan means, and what a change of it does to what is there: for `explain` and for documents.

Types and limits stand in the tables that the checker reads (`top_level`, `openshift_table`); here is what those can't
say.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final


class Effect(Enum):
    """What a changed key does to a plan's resources at the next apply."""

    NOTHING = "changes nothing on AWS"
    ADDS = "adds resources"
    TAKES = "takes resources away"
    IN_PLACE = "changes resources in place"
    REPLACES = "replaces resources"
    REFUSED = "is refused"


NOTHING, ADDS, TAKES, IN_PLACE, REPLACES, REFUSED = Effect


@dataclass(frozen=True)
class KeyMeaning:
    """`path` is the key's place in a plan, `effects` what a change of it can do, `note` which resources it is about.
    `shape` and `default` are for keys of which the tables don't say them. `origin` is the key of install-config.yaml
    that it has its name and meaning from."""

    path: str
    meaning: str
    effects: tuple[Effect, ...]
    note: str = ""
    example: str = ""
    shape: str = ""
    default: str = ""
    origin: str = ""


_ANOTHER: Final = "to AWS another value is another plan: what was made under the old one stays and has to be destroyed"

TOP_KEYS: Final = (
    KeyMeaning("name", "Whose the resources are: the tag on all of them.", (NOTHING,), _ANOTHER, "prod"),
    KeyMeaning(
        "region", "Where the plan's resources are.", (NOTHING,), _ANOTHER, "eu-west-1", origin="platform.aws.region"
    ),
    KeyMeaning(
        "id",
        "Any word that tells this plan from another of the same name.",
        (IN_PLACE,),
        "it comes onto what is there; another word than the one that is there is refused",
        "blue",
    ),
    KeyMeaning("accountID", "The only account that a run may work in.", (NOTHING,), "", '"123456789012"'),
    KeyMeaning(
        "lock",
        "Where in S3 the plan's lock lies, so that teams don't run at the same time.",
        (NOTHING,),
        "all who use the plan have to change it together",
        "s3://bucket/prefix",
    ),
    KeyMeaning("protect", "Whether a destroy is refused.", (IN_PLACE,), "as a tag on what can have it", "true"),
    KeyMeaning(
        "exclusive",
        "Of what others added to the plan's resources, the sorts that go.",
        (TAKES,),
        "others' rules, entries, listeners or policies",
        "[rules]",
    ),
    KeyMeaning(
        "userTags",
        "Tags on everything that can have tags.",
        (IN_PLACE,),
        "",
        '{costCentre: "4711"}',
        origin="platform.aws.userTags",
    ),
    KeyMeaning("aws", "How AWS is reached; the environment's variables do the same.", (NOTHING,)),
    KeyMeaning(
        "aws.serviceEndpoints",
        "Addresses of services that aren't reached under AWS's own.",
        (NOTHING,),
        "they are also an output for install-config.yaml",
        origin="platform.aws.serviceEndpoints",
    ),
    KeyMeaning("aws.serviceEndpoints.name", "The service.", (NOTHING,), "", "ec2"),
    KeyMeaning(
        "aws.serviceEndpoints.url", "Its address.", (NOTHING,), "", "https://vpce-1.ec2.eu-west-1.vpce.amazonaws.com"
    ),
    KeyMeaning("aws.proxy", "The proxy through which AWS is asked.", (NOTHING,), "", "http://proxy.example.com:3128"),
    KeyMeaning("aws.caBundle", "A file with the certificates that are trusted.", (NOTHING,), "", "/etc/pki/ca.pem"),
    KeyMeaning("aws.assumeRole", "A role to act as.", (NOTHING,), "", "arn:aws:iam::123456789012:role/ocpprov"),
)

TEMPLATE_KEYS: Final = (
    KeyMeaning(
        "openshift",
        "What a user-provisioned cluster needs, in the words of install-config.yaml.",
        (ADDS, TAKES),
        "without it everything that it made goes",
    ),
    KeyMeaning(
        "Parameters",
        "Values that are given at the command line, as in CloudFormation.",
        (NOTHING,),
        "what uses one changes as it does by itself",
        shape="mapping of names to Type, Default, AllowedValues, NoEcho and the like",
    ),
    KeyMeaning(
        "Mappings",
        "Tables for Fn::FindInMap.",
        (NOTHING,),
        "what uses one changes as it does by itself",
        shape="mapping",
    ),
    KeyMeaning(
        "Conditions",
        "Under which resources and outputs there are.",
        (ADDS, TAKES),
        shape="mapping of names to conditions",
    ),
    KeyMeaning(
        "Resources",
        "Resources of your own, in CloudFormation's words.",
        (ADDS, TAKES, IN_PLACE, REPLACES),
        "`ocpprov explain TYPE` tells it by property",
        shape="mapping of logical ids to Type and Properties",
    ),
    KeyMeaning(
        "Outputs", "What `outputs` shows beside the openshift section's.", (NOTHING,), shape="mapping of names to Value"
    ),
    KeyMeaning(
        "Metadata", "Anything; ocpprov keeps its own types in it when it renders a plan.", (NOTHING,), shape="mapping"
    ),
    KeyMeaning("Description", "Any text.", (NOTHING,), shape="string"),
    KeyMeaning("AWSTemplateFormatVersion", "CloudFormation's, taken and not used.", (NOTHING,), shape="string"),
)
