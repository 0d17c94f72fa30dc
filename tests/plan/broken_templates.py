"""Broken second layers: functions, conditions, mappings, parameters, and resources that don't fit each other."""

from __future__ import annotations

from typing import Final

from tests.plan.marks import HEAD, SECTION, Broken, marked

PARAMETERS: Final = (
    HEAD + "Parameters: {L: {Type: CommaDelimitedList, Default: 'a,b'}, N: {Type: Number, Default: 5}}\n"
)
CONDITIONS: Final = HEAD + "Conditions: {No: !Equals [a, b], Yes: !Equals [a, a]}\n"
VPC: Final = "  V: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}\n"
BALANCERS: Final = (
    HEAD
    + "Resources:\n"
    + "  E: {Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: {Type: network, Subnets: [subnet-1]}}\n"
)
LISTENER: Final = (
    "  L:\n    Type: AWS::ElasticLoadBalancingV2::Listener\n    Properties:\n      LoadBalancerArn: !Ref {balancer}\n"
    "      §Port: 22623\n      Protocol: TCP\n      DefaultActions: [{{Type: forward, TargetGroupArn: arn:x}}]\n"
)


def tag(value: str, *fragments: str, head: str = HEAD) -> Broken:
    """A plan with one gateway whose only tag has this value."""
    gateway = "  G: {Type: AWS::EC2::InternetGateway, Properties: {Tags: [{Key: k, Value: "
    return marked(f"{head}Resources:\n{gateway}{value}}}]}}}}\n", *fragments)


def tags(value: str, *fragments: str, head: str = HEAD) -> Broken:
    """A plan with one gateway whose tags are this value."""
    return marked(
        f"{head}Resources: {{G: {{Type: AWS::EC2::InternetGateway, Properties: {{Tags: {value}}}}}}}\n", *fragments
    )


BROKEN: Final[tuple[Broken, ...]] = (
    tag("§!Join ['', [a, null]]", "Fn::Join: item 1 is nothing, not a string"),
    tag("§!Join ['', [a, {b: c}]]", "item 1 is a mapping"),
    tag("§!Join ['', a]", "takes a delimiter and a list"),
    tag("§!Sub '${L}'", "${L} is a list, which can't be part of a string", head=PARAMETERS),
    tag("§!Sub 'x${}'", "${} is an empty placeholder"),
    tag("§!Sub 'x${!}'", "${!} is an empty placeholder"),
    tag("§!Sub ['${a}', b]", "a string, or a list of a string and a mapping"),
    tag("!Sub [§'${a}', {a: !Ref AWS::NoValue}]", "AWS::NoValue, which can't be part of a string"),
    tag("§!Sub '${AWS::StackId}'", "has no meaning without CloudFormation"),
    tag("§!Sub '${OpenShift.InfraID}'", "the plan has no openshift section"),
    tag("§!Ref L", "expected a string, got a list", head=PARAMETERS),
    tag("§!Select [9, !Ref L]", "has no item 9", head=PARAMETERS),
    tag("§!Select [x, !Ref L]", "takes a number and a list", head=PARAMETERS),
    marked(
        f"{HEAD}Resources:\n{VPC}  G: {{Type: AWS::EC2::InternetGateway, Properties: {{Tags: "
        "[{Key: k, Value: !Select [0, §!Split [',', !Ref V]]}]}}\n",
        "must be known from the plan alone",
    ),
    tag("!Select [0, §!Split ['', a]]", "takes a delimiter and a string"),
    tag("!Select [0, §!Cidr [10.0.0.0/30, 6, 12]]", "6 blocks of 4096 addresses don't fit into 10.0.0.0/30"),
    tag("!Select [0, §!Cidr [ten, 6, 12]]", "such as [10.0.0.0/16, 6, 12]"),
    tag("!Select [0, §!Cidr [10.0.0.0/16, 500, 5]]", "1 to 256 blocks"),
    tag("!Select [0, §!Cidr [10.0.0.0/24, 5, 6]]", "5 blocks of 64 addresses don't fit into 10.0.0.0/24"),
    tag("!Select [0, §!Cidr [10.0.0.0/16, 257, 8]]", "1 to 256 blocks"),
    tag("!Select [0, §!Cidr [10.0.0.0/16, 1, 33]]", "1 to 32 bits"),
    tag("!Select [0, §!Cidr [10.0.0.0/16, 0, 8]]", "1 to 256 blocks"),
    tag("!Select [0, §!GetAZs '']", "write the names of the zones instead: eu-west-1a, or [eu-west-1a, eu-west-1b]"),
    tag("!Select [0, §!GetAZs us-east-1]", "write the names of the zones instead: eu-west-1a"),
    tag("!Select [0, §!GetAZs {Ref: AWS::Region}]", "Fn::GetAZs is not supported: a plan is read without asking AWS"),
    tag("§!Base64 [a]", "takes a string, not a list"),
    tag("!FindInMap [§M, a, b]", "there is no M in Mappings"),
    tag("!FindInMap [M, a, §c]", "there is no c in Mappings.M.a", head=HEAD + "Mappings: {M: {a: {b: d}}}\n"),
    tag("§!FindInMap [M, a]", "a mapping's name and two keys"),
    tag("!If [§Maybe, a, b]", "there is no condition Maybe", head=CONDITIONS),
    tag("§!If [Yes, a]", "a condition's name and two values", head=CONDITIONS),
    tag("!If [Yes, a, §!Ref Nothing]", "there is no Nothing", head=CONDITIONS),
    tag("§!Equals [a, b]", "is only allowed in Conditions"),
    tag("§!Transform x", "Fn::Transform is not supported"),
    marked(HEAD + "Mappings: {M: {a: {b: §{c: d}}}}\n", "expected a string, a number or a list of them"),
    marked(HEAD + "Mappings: {M: §a}\n", "expected a mapping"),
    marked(HEAD + "Conditions: {C: §yes}\n", "is not a condition"),
    marked(HEAD + "Conditions: {C: §!Equals [a]}\n", "takes two values"),
    marked(HEAD + "Conditions: {C: §!And [!Equals [a, a]]}\n", "a list of 2 to 10 conditions"),
    marked(HEAD + "Conditions: {C: !Not [§!Condition D]}\n", "there is no condition D"),
    marked(HEAD + "Conditions: {§A: !Not [!Condition B], B: !Not [!Condition A]}\n", "dependency cycle of conditions"),
    marked(HEAD + f"Conditions: {{C: !Equals [§!Ref V, a]}}\nResources:\n{VPC}", "can't depend on a resource"),
    marked(
        CONDITIONS
        + "Resources:\n  A: {Type: AWS::EC2::InternetGateway, Condition: No}\n"
        + "  B: {Type: AWS::EC2::VPCGatewayAttachment, Properties: {VpcId: vpc-1, InternetGatewayId: §!Ref A}}\n",
        "A is not made, as its condition No is false",
    ),
    marked(CONDITIONS + "Outputs: {O: {Condition: §Yse, Value: a}}\n", "did you mean Yes?"),
    marked(HEAD + "Outputs: {O: {Value: a, §Export: {Name: x}}}\n", "Export has no meaning without CloudFormation"),
    marked(HEAD + "Outputs: {O: §{Value: !Ref AWS::NoValue}}\n", "Value: is missing"),
    marked(HEAD + "Parameters: {P: {Type: §Text}}\n", "String, Number, CommaDelimitedList"),
    marked(HEAD + "Parameters: {P: {Type: String, Default: §c, AllowedValues: [a, b]}}\n", "'c' is not one of a, b"),
    marked(
        HEAD + "Parameters: {P: {Type: String, Default: §c, AllowedPattern: '[ab]', ConstraintDescription: a or b}}\n",
        "'c' does not fit [ab]; a or b",
    ),
    marked(
        HEAD + "Parameters: {P: {Type: String, Default: §c, AllowedPattern: '[ab]', NoEcho: true}}\n",
        "the value does not fit",
    ),
    marked(
        HEAD + "Parameters: {P: {Type: String, Default: c, AllowedPattern: §'['}}\n",
        "is not a valid regular expression",
    ),
    marked(HEAD + "Parameters: {P: {Type: Number, Default: §12, MaxValue: 10}}\n", "out of range; at most 10"),
    marked(HEAD + "Parameters: {P: {Type: Number, Default: §1, MinValue: 2}}\n", "out of range; at least 2"),
    marked(HEAD + "Parameters: {P: {Type: Number, Default: §ten}}\n", "is not a number"),
    marked(
        HEAD + "Parameters: {P: {Type: String, Default: §abc, MinLength: 4, MaxLength: 8}}\n",
        "has 3 characters; 4 to 8",
    ),
    marked(HEAD + "Parameters: {P: {Type: String, Default: §[a]}}\n", "expected a string or a number"),
    marked(
        HEAD
        + "Resources: {S: {Type: AWS::EC2::Subnet, Properties: §{VpcId: !Ref AWS::NoValue, CidrBlock: 10.0.0.0/24}}}\n",
        "VpcId: is missing",
    ),
    tags("§!Ref L", "expected a mapping, got 'a'", head=PARAMETERS.replace("'a,b'", "a")),
    tags("§!Join ['', [a, !Ref G]]", "expected a list, got a single string"),
    marked(
        HEAD
        + "Resources: {V: {Type: AWS::EC2::VPC, UpdateReplacePolicy: §Retain, Properties: {CidrBlock: 10.0.0.0/16}}}\n",
        "what was replaced is deleted",
    ),
    marked(
        HEAD
        + "Resources:\n  A: {Type: AWS::EC2::InternetGateway, DependsOn: [§B]}\n"
        + "  B: {Type: AWS::EC2::InternetGateway, DependsOn: [A], §Dependson: x}\n",
        "dependency cycle: A -> B -> A",
        "did you mean DependsOn?",
    ),
    marked(HEAD + "Resources: {A: {Type: AWS::EC2::InternetGateway, DependsOn: §A}}\n", "A -> A"),
    marked(
        HEAD + "Resources: {O: {Type: §Ocpprov::S3::Object, Properties: {Bucket: b}}}\n",
        "Ocpprov::S3::Object is none of CloudFormation's; it belongs under Metadata.Ocpprov.Resources",
    ),
    marked(HEAD + "Metadata: {Ocpprov: {Resources: {V: {Type: §AWS::EC2::VPC}}}}\n", "it belongs under Resources"),
    marked(
        HEAD + f"Resources:\n{VPC}Metadata: {{Ocpprov: {{Resources: {{§V: {{Type: §Ocpprov::X::Y}}}}}}}}\n",
        "V is in Resources too",
        "not supported in this version",
    ),
    marked(SECTION + "Resources: {§VPC: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}}\n", "section too"),
    # What is broken elsewhere makes no references wrong.
    marked(
        SECTION + "  egress: §non\nOutputs: {O: {Value: !Ref VPC}, P: {Value: !Sub '${OpenShift.InfraID}'}}\n",
        "did you mean none?",
    ),
    marked(
        HEAD + "Resources: {A: {Type: §AWS::EC2::Vpcc}}\nOutputs: {O: {Value: !GetAtt A.VpcId}}\n",
        "did you mean AWS::EC2::VPC?",
    ),
    # AWS makes VPCs and subnets of /16 to /28.
    *(
        marked(
            f"{HEAD}Resources:\n  V: {{Type: AWS::EC2::VPC, Properties: {{{vpc}}}}}\n"
            f"  B: {{Type: AWS::EC2::VPCCidrBlock, Properties: {{VpcId: !Ref V, {more}}}}}\n"
            f"  S: {{Type: AWS::EC2::Subnet, Properties: {{VpcId: !Ref V, {subnet}}}}}\n",
            fragment,
        )
        for vpc, more, subnet, fragment in (
            ("§CidrBlock: 10.0.0.0/15", "CidrBlock: 10.9.0.0/16", "CidrBlock: 10.0.0.0/16", "10.0.0.0/15 has a /15"),
            ("CidrBlock: 10.0.0.0/28", "§CidrBlock: 10.9.0.0/29", "CidrBlock: 10.0.0.0/28", "10.9.0.0/29 has a /29"),
            ("CidrBlock: 10.0.0.0/16", "CidrBlock: 10.9.0.0/28", "§CidrBlock: 10.0.0.0/29", "10.0.0.0/29 has a /29"),
        )
    ),
    # 22623 is for machines alone.
    marked(BALANCERS + LISTENER.format(balancer="E"), "22623 on E would give machine configurations to the internet"),
    marked(
        SECTION + "  infraID: prod-x7k2p\nResources:\n" + LISTENER.format(balancer="ExtApiElb"), "22623 on ExtApiElb"
    ),
    marked(
        HEAD
        + "Resources:\n  C:\n    Type: AWS::ElasticLoadBalancing::LoadBalancer\n    Properties:\n"
        + "      Subnets: [subnet-1]\n"
        + "      §Listeners: [{LoadBalancerPort: '22623', InstancePort: '22623', Protocol: TCP}]\n",
        "22623 on C",
    ),
    # Names too long for AWS.
    marked(
        HEAD
        + "Resources: {T: {Type: AWS::ElasticLoadBalancingV2::TargetGroup, Properties: "
        + f"{{Name: §{'t' * 33}, Port: 6443, Protocol: TCP, VpcId: vpc-1}}}}}}\n",
        "invalid value",
    ),
    marked(
        HEAD
        + "Resources: {E: {Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: "
        + f"{{Name: §{'e' * 33}, Type: network, Subnets: [subnet-1]}}}}}}\n",
        "invalid value",
    ),
    # Targets outside the VPC.
    marked(
        f"{HEAD}Resources:\n{VPC}  T:\n    Type: AWS::ElasticLoadBalancingV2::TargetGroup\n    Properties:\n"
        "      {Port: 80, Protocol: TCP, VpcId: !Ref V, TargetType: ip, §Targets: [{Id: 10.0.0.5}, {Id: 10.1.0.5}]}\n",
        "10.1.0.5 is outside the VPC's 10.0.0.0/16",
    ),
    marked(
        SECTION + "Resources:\n  T:\n    Type: AWS::ElasticLoadBalancingV2::TargetGroup\n    Properties:\n"
        "      {Port: 6443, Protocol: TCP, VpcId: !Ref VPC, TargetType: ip, §Targets: [{Id: 192.168.0.5}]}\n",
        "192.168.0.5 is outside the VPC's 10.0.0.0/16",
    ),
    # Records that don't fit their zone.
    marked(
        HEAD
        + "Resources:\n  Z: {Type: AWS::Route53::HostedZone, Properties: {Name: example-corp.net}}\n"
        + "  R: {Type: AWS::Route53::RecordSet, Properties: "
        + "{HostedZoneId: !Ref Z, §Name: api.example.org, Type: A, TTL: '60', ResourceRecords: [10.0.0.5]}}\n",
        "api.example.org is not in the zone of example-corp.net",
    ),
    marked(
        SECTION
        + "  infraID: prod-x7k2p\nResources:\n  R: {Type: AWS::Route53::RecordSet, Properties: "
        + "{HostedZoneId: !Ref IntDns, §Name: www.example.com, Type: A, TTL: '60', ResourceRecords: [10.0.0.5]}}\n",
        "www.example.com is not in the zone of prod.example.com",
    ),
    marked(
        SECTION + "Resources:\n  S: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref VPC, §CidrBlock: 10.9.0.0/24}}\n",
        "10.9.0.0/24 is outside VPC's 10.0.0.0/16",
    ),
    marked(HEAD + "userTags: §!!binary aGVsbG8=\n", "unknown tag tag:yaml.org,2002:binary"),
)
