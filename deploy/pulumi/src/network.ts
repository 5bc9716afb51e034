import * as aws from '@pulumi/aws';

export interface Network {
  vpc: aws.ec2.Vpc;
  publicSubnets: aws.ec2.Subnet[];
  /** Empty where everything is in public subnets behind security groups. */
  privateSubnets: aws.ec2.Subnet[];
}

/** A VPC over several zones. Private subnets go out by one NAT gateway, and to S3 directly. */
export function createNetwork(options: { zones: number; privateSubnets: boolean }): Network {
  const vpc = new aws.ec2.Vpc('taskwell', { cidrBlock: '10.0.0.0/16', enableDnsHostnames: true, enableDnsSupport: true });
  // The group that machines get when nobody names one opens nothing.
  new aws.ec2.DefaultSecurityGroup('unused', { vpcId: vpc.id, ingress: [], egress: [] });
  const gateway = new aws.ec2.InternetGateway('taskwell', { vpcId: vpc.id });
  const names = aws.getAvailabilityZonesOutput({ state: 'available' }).names;
  const subnets = (kind: 'public' | 'private', offset: number) =>
    Array.from(
      { length: options.zones },
      (_, index) =>
        new aws.ec2.Subnet(`${kind}-${index}`, {
          vpcId: vpc.id,
          cidrBlock: `10.0.${offset + index}.0/24`,
          availabilityZone: names.apply((all) => all[index]!),
          tags: { Name: `taskwell-${kind}-${index}` },
        }),
    );

  const publicSubnets = subnets('public', 0);
  route('public', vpc, publicSubnets, { gatewayId: gateway.id });
  if (!options.privateSubnets) return { vpc, publicSubnets, privateSubnets: [] };

  const address = new aws.ec2.Eip('nat', { domain: 'vpc' });
  const nat = new aws.ec2.NatGateway(
    'taskwell',
    { allocationId: address.id, subnetId: publicSubnets[0]!.id },
    { dependsOn: gateway },
  );
  const privateSubnets = subnets('private', 100);
  const table = route('private', vpc, privateSubnets, { natGatewayId: nat.id });
  const region = aws.getRegionOutput().region;
  new aws.ec2.VpcEndpoint('s3', {
    vpcId: vpc.id,
    serviceName: region.apply((name) => `com.amazonaws.${name}.s3`),
    routeTableIds: [table.id],
  });
  return { vpc, publicSubnets, privateSubnets };
}

function route(
  kind: string,
  vpc: aws.ec2.Vpc,
  subnets: readonly aws.ec2.Subnet[],
  target: Partial<aws.types.input.ec2.RouteTableRoute>,
): aws.ec2.RouteTable {
  const table = new aws.ec2.RouteTable(kind, { vpcId: vpc.id, routes: [{ cidrBlock: '0.0.0.0/0', ...target }] });
  subnets.forEach((subnet, index) => {
    new aws.ec2.RouteTableAssociation(`${kind}-${index}`, { routeTableId: table.id, subnetId: subnet.id });
  });
  return table;
}
