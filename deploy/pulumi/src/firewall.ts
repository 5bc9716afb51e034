import * as aws from '@pulumi/aws';
import type * as pulumi from '@pulumi/pulumi';

type Peer = aws.ec2.SecurityGroup | readonly string[];

/** A group that opens nothing; {@link allow} opens it port by port. */
export function group(name: string, description: string, vpc: aws.ec2.Vpc): aws.ec2.SecurityGroup {
  return new aws.ec2.SecurityGroup(name, { description, vpcId: vpc.id });
}

/** Opens one TCP port from a group or some networks to a group. */
export function allow(name: string, from: Peer, to: aws.ec2.SecurityGroup, port: number): void {
  each(from, (suffix, peer) => {
    new aws.vpc.SecurityGroupIngressRule(`${name}${suffix}`, { securityGroupId: to.id, ...tcp(port), ...peer });
  });
}

/** Lets a group out to one TCP port of a group or of some networks. */
export function allowOut(name: string, from: aws.ec2.SecurityGroup, to: Peer, port: number, lastPort = port): void {
  each(to, (suffix, peer) => {
    new aws.vpc.SecurityGroupEgressRule(`${name}${suffix}`, { securityGroupId: from.id, ...tcp(port, lastPort), ...peer });
  });
}

/** Both halves of a connection between two groups. */
export function connect(name: string, from: aws.ec2.SecurityGroup, to: aws.ec2.SecurityGroup, port: number): void {
  allow(`${name}-in`, from, to, port);
  allowOut(`${name}-out`, from, to, port);
}

function tcp(fromPort: number, toPort = fromPort) {
  return { ipProtocol: 'tcp', fromPort, toPort };
}

type PeerArgs = { cidrIpv4?: string; referencedSecurityGroupId?: pulumi.Output<string> };

function each(peer: Peer, make: (suffix: string, args: PeerArgs) => void): void {
  if (peer instanceof aws.ec2.SecurityGroup) make('', { referencedSecurityGroupId: peer.id });
  else peer.forEach((cidrIpv4, index) => make(`-${index}`, { cidrIpv4 }));
}
