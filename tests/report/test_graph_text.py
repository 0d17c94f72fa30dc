"""What names what: for Mermaid, Graphviz and programs."""

from __future__ import annotations

from ocpprov.kinds.registry import KINDS
from ocpprov.report.graph_text import dot, graph_document, mermaid
from ocpprov.report.things import FoldedThings, Thing, fold
from tests.report.examples import ref

THINGS = [
    Thing("Net", "AWS::EC2::VPC"),
    Thing("Table", "AWS::EC2::RouteTable", {"VpcId": ref("Net")}, ["Net"]),
    Thing("Role", "AWS::IAM::Role", {"AssumeRole": "x"}, ["Net"]),
    Thing("Way", "AWS::EC2::Route", {"RouteTableId": ref("Table"), "NatGatewayId": ref("Nat")}, ["Nat", "Table"]),
    Thing("Way2", "AWS::EC2::Route", {"RouteTableId": ref("Table"), "VpcPeeringConnectionId": ref("Nat")}),
    Thing("Nat", "AWS::EC2::NatGateway"),
]


def test_mermaid_counts_children_with_what_they_belong_to() -> None:
    assert mermaid(fold(THINGS, KINDS), KINDS) == (
        "flowchart LR\n"
        '  subgraph s0["Network"]\n'
        '    n0["Net<br>VPC"]\n'
        '    n1["Table<br>RouteTable<br>2 routes"]\n'
        '    n3["Nat<br>NatGateway"]\n'
        "  end\n"
        '  subgraph s1["Roles"]\n'
        '    n2["Role<br>Role"]\n'
        "  end\n"
        "  n1 --> n0\n"
        "  n2 --> n0\n"
        "  n1 --> n3\n"
    )


def test_dot_with_all_of_them() -> None:
    assert dot(FoldedThings(THINGS[3:], {}), KINDS, 'a "plan"') == (
        'digraph "a \\"plan\\"" {\n'
        "  rankdir=LR;\n"
        '  node [shape=box, style=rounded, fontname="sans-serif"];\n'
        "  subgraph cluster_0 {\n"
        '    label="Network";\n'
        '    n0 [label="Way\\nRoute"];\n'
        '    n1 [label="Way2\\nRoute"];\n'
        '    n2 [label="Nat\\nNatGateway"];\n'
        "  }\n"
        "  n0 -> n2;\n"
        "  n1 -> n2;\n"
        "}\n"
    )


def test_the_document_names_the_properties() -> None:
    things = [
        Thing("A", "AWS::EC2::VPC", {"X": {"Fn::Join": ["", [ref("B"), "/", {"Fn::GetAtt": ["B", "Arn"]}]]}}, ["B"]),
        Thing("B", "AWS::S3::Bucket", {"Rules": [{"To": ref("A")}, ref("A")], "Ref": "no reference", "L": ref("A")}),
    ]
    assert graph_document(things, "p", "eu-west-1") == {
        "plan": "p",
        "region": "eu-west-1",
        "resources": [
            {"resource": "A", "type": "AWS::EC2::VPC", "needs": ["B"]},
            {"resource": "B", "type": "AWS::S3::Bucket", "needs": []},
        ],
        "references": [
            {"from": "A", "to": "B", "property": "X"},
            {"from": "B", "to": "A", "property": "Rules[0].To"},
            {"from": "B", "to": "A", "property": "Rules[1]"},
            {"from": "B", "to": "A", "property": "L"},
        ],
    }


def test_what_a_name_could_close_is_escaped() -> None:
    nasty = FoldedThings([Thing('x"];\n  evil #<b>|`\\', "AWS::EC2::VPC")], {})
    assert 'n0["x#34;#93;#59;#92;x0a  evil #35;#60;b#62;#124;#96;#92;<br>VPC"]' in mermaid(nasty, KINDS)
    assert 'n0 [label="x\\"];\\\\x0a  evil #<b>|`\\\\\\nVPC"];' in dot(nasty, KINDS, "p")
