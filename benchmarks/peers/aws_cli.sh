#!/bin/bash
# What plans/public-3az.yaml makes, with the AWS CLI as its documentation does it: one command after another, and
# `aws … wait` where something has to be ready. Arguments: the region, the three zones, the bucket's name, and a folder
# with policies.
set -euo pipefail
export AWS_DEFAULT_REGION=$1 AWS_DEFAULT_OUTPUT=text AWS_PAGER=
region=$1 zones=("$2" "$3" "$4") bucket=$5 folder=$6
infra=prod-x7k2p domain=prod.example-corp.net
targets=(10.0.48.10 10.0.64.10 10.0.80.10)

named() { # resource type, name, further tags
    local tags="{Key=Name,Value=public-3az-$2}"
    for tag in "${@:3}"; do tags+=",$tag"; done
    echo "ResourceType=$1,Tags=[$tags]"
}

vpc=$(aws ec2 create-vpc --cidr-block 10.0.0.0/16 --query Vpc.VpcId)
aws ec2 modify-vpc-attribute --vpc-id "$vpc" --enable-dns-hostnames
gateway=$(aws ec2 create-internet-gateway --tag-specifications "$(named internet-gateway igw)" --query InternetGateway.InternetGatewayId)
aws ec2 attach-internet-gateway --vpc-id "$vpc" --internet-gateway-id "$gateway"

subnets=()
for number in 0 1 2 3 4 5; do
    kind=$( ((number < 3)) && echo elb || echo internal-elb)
    subnets+=("$(aws ec2 create-subnet --vpc-id "$vpc" --cidr-block "10.0.$((number * 16)).0/20" \
        --availability-zone "${zones[$((number % 3))]}" --query Subnet.SubnetId --tag-specifications \
        "$(named subnet "$kind-$number" "{Key=kubernetes.io/role/$kind,Value=\"\"}" "{Key=kubernetes.io/cluster/$infra,Value=shared}")")")
done

tables=()
for number in 0 1 2 3; do
    tables+=("$(aws ec2 create-route-table --vpc-id "$vpc" --query RouteTable.RouteTableId \
        --tag-specifications "$(named route-table "table-$number")")")
done
aws ec2 create-route --route-table-id "${tables[3]}" --destination-cidr-block 0.0.0.0/0 --gateway-id "$gateway"
for number in 0 1 2 3 4 5; do
    table=$((number < 3 ? 3 : number - 3))
    aws ec2 associate-route-table --subnet-id "${subnets[$number]}" --route-table-id "${tables[$table]}"
done

nats=()
for number in 0 1 2; do
    address=$(aws ec2 allocate-address --domain vpc --query AllocationId --tag-specifications "$(named elastic-ip "eip-$number")")
    nats+=("$(aws ec2 create-nat-gateway --subnet-id "${subnets[$number]}" --allocation-id "$address" \
        --query NatGateway.NatGatewayId --tag-specifications "$(named natgateway "nat-$number")")")
done
aws ec2 wait nat-gateway-available --nat-gateway-ids "${nats[@]}"
for number in 0 1 2; do
    aws ec2 create-route --route-table-id "${tables[$number]}" --destination-cidr-block 0.0.0.0/0 \
        --nat-gateway-id "${nats[$number]}"
done

acl=$(aws ec2 create-network-acl --vpc-id "$vpc" --query NetworkAcl.NetworkAclId --tag-specifications "$(named network-acl acl)")
entry() { # number, direction, protocol, block, more
    aws ec2 create-network-acl-entry --network-acl-id "$acl" --rule-number "$1" "--$2" --protocol "$3" --cidr-block "$4" \
        --rule-action allow "${@:5}"
}
entry 90 ingress -1 10.0.0.0/16
entry 100 ingress 6 0.0.0.0/0 --port-range From=80,To=80
entry 101 ingress 6 0.0.0.0/0 --port-range From=443,To=443
entry 102 ingress 6 0.0.0.0/0 --port-range From=22,To=22
entry 103 ingress 6 0.0.0.0/0 --port-range From=1024,To=65535
entry 104 ingress 17 0.0.0.0/0 --port-range From=1024,To=65535
entry 105 ingress 1 0.0.0.0/0 --icmp-type-code Type=-1,Code=-1
entry 90 egress -1 10.0.0.0/16
entry 100 egress 6 0.0.0.0/0 --port-range From=0,To=65535
entry 101 egress 17 0.0.0.0/0 --port-range From=0,To=65535
entry 102 egress 1 0.0.0.0/0 --icmp-type-code Type=-1,Code=-1
for subnet in "${subnets[@]:0:3}"; do
    association=$(aws ec2 describe-network-acls --filters "Name=association.subnet-id,Values=$subnet" \
        --query "NetworkAcls[].Associations[?SubnetId=='$subnet'].NetworkAclAssociationId[]")
    aws ec2 replace-network-acl-association --association-id "$association" --network-acl-id "$acl"
done

aws ec2 create-vpc-endpoint --vpc-id "$vpc" --service-name "com.amazonaws.$region.s3" --route-table-ids "${tables[@]}" \
    --tag-specifications "$(named vpc-endpoint s3)"

group() {
    aws ec2 create-security-group --vpc-id "$vpc" --group-name "$infra-$1" --description "$1" --query GroupId \
        --tag-specifications "$(named security-group "$1-sg")"
}
master=$(group master) worker=$(group worker) bootstrap=$(group bootstrap)
port() { echo "IpProtocol=$1,FromPort=$2,ToPort=$3,IpRanges=[{CidrIp=10.0.0.0/16}]"; }
peer() { echo "IpProtocol=$1,FromPort=$2,ToPort=$3,UserIdGroupPairs=[{GroupId=$master},{GroupId=$worker}]"; }
peers() { # last port of the kubelet
    peer udp 4789 4789
    peer udp 6081 6081
    peer udp 500 500
    peer udp 4500 4500
    peer 50 -1 -1
    peer tcp 9000 9999
    peer udp 9000 9999
    peer tcp 10250 "$1"
    peer tcp 30000 32767
    peer udp 30000 32767
}
common="$(port tcp 22 22) $(port icmp -1 -1)"
# shellcheck disable=SC2046,SC2086 # each rule is a word
{
    aws ec2 authorize-security-group-ingress --group-id "$master" --ip-permissions $common $(peers 10259) \
        $(port tcp 6443 6443) $(port tcp 22623 22623) \
        "IpProtocol=tcp,FromPort=2379,ToPort=2380,UserIdGroupPairs=[{GroupId=$master}]"
    aws ec2 authorize-security-group-ingress --group-id "$worker" --ip-permissions $common $(peers 10250)
    aws ec2 authorize-security-group-ingress --group-id "$bootstrap" --ip-permissions $(port tcp 22 22) $(port tcp 19531 19531)
}

aws s3api create-bucket --bucket "$bucket" --create-bucket-configuration "LocationConstraint=$region"
aws s3api put-bucket-tagging --bucket "$bucket" --tagging 'TagSet=[{Key=Name,Value=public-3az-InfraBucket}]'
aws s3api put-public-access-block --bucket "$bucket" --public-access-block-configuration \
    BlockPublicAcls=true,BlockPublicPolicy=true,IgnorePublicAcls=true,RestrictPublicBuckets=true
aws s3api put-bucket-encryption --bucket "$bucket" --server-side-encryption-configuration \
    '{"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]}'
aws s3api put-bucket-policy --bucket "$bucket" --policy "file://$folder/bucket.json"

for name in master worker bootstrap; do
    aws iam create-role --role-name "$infra-$name" --assume-role-policy-document "file://$folder/trust.json"
    aws iam put-role-policy --role-name "$infra-$name" --policy-name "$infra-$name-policy" \
        --policy-document "file://$folder/$name.json"
    aws iam create-instance-profile --instance-profile-name "$infra-$name-profile"
    aws iam add-role-to-instance-profile --instance-profile-name "$infra-$name-profile" --role-name "$infra-$name"
done

balancer() { # name, scheme, subnets
    local arn
    arn=$(aws elbv2 create-load-balancer --name "$infra-$1" --type network --scheme "$2" --ip-address-type ipv4 \
        --subnets "${@:3}" --query 'LoadBalancers[0].LoadBalancerArn')
    aws elbv2 modify-load-balancer-attributes --load-balancer-arn "$arn" \
        --attributes Key=load_balancing.cross_zone.enabled,Value=true >&2
    echo "$arn"
}
target_group() { # name, port, path
    local arn
    arn=$(aws elbv2 create-target-group --name "$infra-$1" --protocol TCP --port "$2" --vpc-id "$vpc" --target-type ip \
        --health-check-protocol HTTPS --health-check-port "$2" --health-check-path "$3" --health-check-interval-seconds 10 \
        --healthy-threshold-count 2 --unhealthy-threshold-count 2 --query 'TargetGroups[0].TargetGroupArn')
    aws elbv2 modify-target-group-attributes --target-group-arn "$arn" --attributes \
        Key=deregistration_delay.timeout_seconds,Value=60 Key=preserve_client_ip.enabled,Value=false >&2
    aws elbv2 register-targets --target-group-arn "$arn" --targets "${targets[@]/#/Id=}" >&2
    echo "$arn"
}
listener() { # balancer, port, target group
    aws elbv2 create-listener --load-balancer-arn "$1" --protocol TCP --port "$2" \
        --default-actions "Type=forward,TargetGroupArn=$3"
}
ext=$(balancer ext internet-facing "${subnets[@]:0:3}")
int=$(balancer int internal "${subnets[@]:3}")
listener "$ext" 6443 "$(target_group aext 6443 /readyz)"
listener "$int" 6443 "$(target_group aint 6443 /readyz)"
listener "$int" 22623 "$(target_group sint 22623 /healthz)"

public=$(aws route53 create-hosted-zone --name example-corp.net --caller-reference "$RANDOM$RANDOM" --query HostedZone.Id)
private=$(aws route53 create-hosted-zone --name "$domain" --caller-reference "$RANDOM$RANDOM" --query HostedZone.Id \
    --vpc "VPCRegion=$region,VPCId=$vpc")
for zone in "$public" "$private"; do
    aws route53 change-tags-for-resource --resource-type hostedzone --resource-id "${zone##*/}" --add-tags Key=Name,Value=public-3az
done
aws elbv2 wait load-balancer-available --load-balancer-arns "$ext" "$int"
record() { # name, its zone and address as the balancer has them
    echo "{Action=CREATE,ResourceRecordSet={Name=$1.$domain,Type=A,AliasTarget={HostedZoneId=$2,DNSName=$3,EvaluateTargetHealth=false}}}"
}
address_of() {
    aws elbv2 describe-load-balancers --load-balancer-arns "$1" --query 'LoadBalancers[0].[CanonicalHostedZoneId, DNSName]'
}
read -r zone name <<<"$(address_of "$ext")"
aws route53 change-resource-record-sets --hosted-zone-id "$public" --change-batch "Changes=[$(record api "$zone" "$name")]"
read -r zone name <<<"$(address_of "$int")"
aws route53 change-resource-record-sets --hosted-zone-id "$private" \
    --change-batch "Changes=[$(record api "$zone" "$name"),$(record api-int "$zone" "$name")]"
