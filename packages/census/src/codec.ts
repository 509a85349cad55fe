import { create, fromBinary, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { equalBytes, isHabError } from '@hab/core';
import { formatServiceGroup, parseServiceGroup } from '@hab/ident';

import { invalidRumor } from './errors.ts';
import {
  type Election,
  type Member as MemberMessage,
  type Membership as MembershipMessage,
  MembershipSchema,
  type Rumor as RumorMessage,
  RumorSchema,
  type Service,
  type SysInfo as SysInfoMessage,
} from './generated/ring_pb.js';
import type { ElectionStatus, Health, Member, Membership, Rumor, SysInfo } from './rumor.ts';

type RumorType = Rumor['type'];

/** Numbers of `Rumor.type`. 6 and 7 are the originals' own tests. */
const TYPES: Readonly<Record<RumorType, number>> = {
  member: 1,
  service: 2,
  election: 3,
  'service-config': 4,
  'service-file': 5,
  'election-update': 8,
  departure: 9,
};
const HEALTHS: readonly Health[] = ['Alive', 'Suspect', 'Confirmed', 'Departed'];
const STATUSES: readonly ElectionStatus[] = ['Running', 'NoQuorum', 'Finished'];
const MAX_PORT = 65_535;

/** Writes a rumor as the originals do: every scalar, defaults too. See spec/ring 3. */
export function encodeRumor(rumor: Rumor): Uint8Array<ArrayBuffer> {
  const message = create(RumorSchema, { type: TYPES[rumor.type], fromId: rumor.fromId, payload: payloadOf(rumor) });
  return toBinary(RumorSchema, message) as Uint8Array<ArrayBuffer>;
}

/**
 * Reads a rumor. Absent optional fields get their defaults; unknown ones are skipped.
 *
 * @throws {@link CensusError} `CENSUS_RUMOR_INVALID` for what a receiver must drop.
 */
export function decodeRumor(bytes: Uint8Array): Rumor {
  let message: RumorMessage;
  try {
    message = fromBinary(RumorSchema, bytes);
  } catch (error) {
    throw invalidRumor('it is not a protobuf message of that kind', error);
  }
  if (!hasWholeTexts(message, bytes)) throw invalidRumor('a text in it is not UTF-8');
  const type = (Object.keys(TYPES) as RumorType[]).find((name) => TYPES[name] === message.type);
  if (type === undefined) throw invalidRumor(`type ${message.type}`);
  if (!Object.hasOwn(message, 'fromId')) throw invalidRumor('no sender');
  return readPayload(type, message);
}

/**
 * The library puts U+FFFD where a text is not UTF-8, and receivers must drop such a rumor. One that holds the character
 * itself is told apart by its bytes: it is written back as it came.
 */
function hasWholeTexts(message: RumorMessage, bytes: Uint8Array): boolean {
  const asJson = JSON.stringify(message, (_, value: unknown) => (typeof value === 'bigint' ? null : value));
  return !asJson.includes('\ufffd') || equalBytes(toBinary(RumorSchema, message), bytes);
}

/** Writes a membership, as the store of rumors keeps it. */
export function encodeMembership(membership: Membership): Uint8Array<ArrayBuffer> {
  return toBinary(MembershipSchema, create(MembershipSchema, membershipInit(membership))) as Uint8Array<ArrayBuffer>;
}

/** @throws {@link CensusError} `CENSUS_RUMOR_INVALID` */
export function decodeMembership(bytes: Uint8Array): Membership {
  let message: MembershipMessage;
  try {
    message = fromBinary(MembershipSchema, bytes);
  } catch (error) {
    throw invalidRumor('it is not a membership', error);
  }
  return readMembership(message);
}

type Payload = NonNullable<MessageInitShape<typeof RumorSchema>['payload']>;

function payloadOf(rumor: Rumor): Payload {
  switch (rumor.type) {
    case 'member':
      return { case: 'member', value: membershipInit(rumor.membership) };
    case 'service': {
      const { memberId, serviceGroup, incarnation, initialized, pkg, cfg, sys, pkgIncarnation } = rumor;
      return {
        case: 'service',
        value: { memberId, serviceGroup, incarnation, initialized, pkg, cfg: bytesOf(cfg), sys, pkgIncarnation },
      };
    }
    case 'service-config': {
      const { serviceGroup, incarnation, encrypted, config } = rumor;
      return { case: 'serviceConfig', value: { serviceGroup, incarnation, encrypted, config: bytesOf(config) } };
    }
    case 'service-file': {
      const { serviceGroup, incarnation, encrypted, filename, body } = rumor;
      return { case: 'serviceFile', value: { serviceGroup, incarnation, encrypted, filename, body: bytesOf(body) } };
    }
    case 'election':
    case 'election-update': {
      const { fromId, serviceGroup, term, suitability, votes } = rumor;
      const status = STATUSES.indexOf(rumor.status) + 1;
      return {
        case: 'election',
        value: { memberId: fromId, serviceGroup, term, suitability, status, votes: [...votes] },
      };
    }
    case 'departure':
      return { case: 'departure', value: { memberId: rumor.memberId } };
  }
}

/** The library writes plain `Uint8Array<ArrayBuffer>`. */
const bytesOf = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(bytes);

function membershipInit({ member, health }: Membership): MessageInitShape<typeof MembershipSchema> {
  return { member: { ...member }, health: HEALTHS.indexOf(health) + 1 };
}

function readPayload(type: RumorType, { fromId, payload }: RumorMessage): Rumor {
  switch (type) {
    case 'member':
      if (payload.case === 'member') return { type, fromId, membership: readMembership(payload.value) };
      break;
    case 'service':
      if (payload.case === 'service') return readService(fromId, payload.value);
      break;
    case 'service-config':
      if (payload.case === 'serviceConfig') {
        const { incarnation, encrypted, config } = payload.value;
        return { type, fromId, serviceGroup: readGroup(payload.value), incarnation, encrypted, config };
      }
      break;
    case 'service-file':
      if (payload.case === 'serviceFile') {
        const { incarnation, encrypted, filename, body } = payload.value;
        require(payload.value, 'filename');
        return { type, fromId, serviceGroup: readGroup(payload.value), incarnation, encrypted, filename, body };
      }
      break;
    case 'election':
    case 'election-update':
      if (payload.case === 'election') return readElection(type, fromId, payload.value);
      break;
    case 'departure':
      if (payload.case === 'departure') {
        require(payload.value, 'memberId');
        return { type, fromId, memberId: payload.value.memberId };
      }
      break;
  }
  throw invalidRumor(`a ${type} without its content`);
}

function readService(fromId: string, message: Service): Rumor {
  for (const field of ['memberId', 'pkg', 'sys'] as const) require(message, field);
  const { memberId, incarnation, initialized, pkg, cfg, sys, pkgIncarnation } = message;
  const serviceGroup = readGroup(message);
  return {
    type: 'service',
    fromId,
    memberId,
    serviceGroup,
    incarnation,
    initialized,
    pkg,
    cfg,
    sys: readSys(sys),
    pkgIncarnation,
  };
}

function readElection(type: 'election' | 'election-update', fromId: string, message: Election): Rumor {
  require(message, 'serviceGroup');
  const { serviceGroup, term, suitability, votes } = message;
  return { type, fromId, serviceGroup, term, suitability, status: STATUSES[message.status - 1] ?? 'Running', votes };
}

function readSys(message: SysInfoMessage | undefined): SysInfo {
  if (message === undefined) throw invalidRumor('no system facts');
  for (const field of ['ip', 'hostname'] as const) require(message, field);
  const { ip, hostname, gossipIp, gossipPort, httpGatewayIp, httpGatewayPort, ctlGatewayIp, ctlGatewayPort } = message;
  return { ip, hostname, gossipIp, gossipPort, httpGatewayIp, httpGatewayPort, ctlGatewayIp, ctlGatewayPort };
}

function readMembership({ member, health }: MembershipMessage): Membership {
  if (member === undefined) throw invalidRumor('a membership without its member');
  return { member: readMember(member), health: HEALTHS[health - 1] ?? 'Alive' };
}

function readMember(message: MemberMessage): Member {
  for (const field of ['id', 'swimPort', 'gossipPort'] as const) require(message, field);
  const { id, incarnation, address, swimPort, gossipPort, persistent, departed, probePing } = message;
  for (const port of [swimPort, gossipPort]) if (port < 0 || port > MAX_PORT) throw invalidRumor(`port ${port}`);
  return { id, incarnation, address, swimPort, gossipPort, persistent, departed, probePing };
}

/** An old prefix of application and environment is dropped; anything that is no group drops the rumor. */
function readGroup(message: { readonly serviceGroup: string }): string {
  try {
    return formatServiceGroup(parseServiceGroup(message.serviceGroup));
  } catch (error) {
    if (!isHabError(error)) throw error;
    throw invalidRumor('its service group is none', error);
  }
}

/** What was not on the wire lives on the prototype of a decoded message. */
function require(message: object, field: string): void {
  if (!Object.hasOwn(message, field)) throw invalidRumor(`no ${field}`);
}
