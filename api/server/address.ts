import type { HttpRequest, HttpResponse } from 'uWebSockets.js';
import { BlockList, isIP } from 'node:net';
import { ConfigError } from '#engine/config.ts';

const FORWARDED = 'x-forwarded-for';
/** Addresses one client of IPv6 holds at least: a /64, four groups of the eight. */
const GROUPS = 4;
const MAPPED = /^(?:0{1,4}:){5}ffff:([0-9a-f]{4}):([0-9a-f]{4})$/i;
/** `1.2.3.4:567` and `[::1]:80`: some proxies add the port. */
const V4_PORT = /^([0-9.]{7,15}):[0-9]{1,5}$/;
const V6_PORT = /^\[([0-9a-fA-F:.]{2,45})\](?::[0-9]{1,5})?$/;

/** Proxies whose word about the client's address is believed. */
export class Proxies {
  readonly #trusted = new BlockList();
  readonly #none: boolean;

  /** @param ranges addresses, or ranges like `10.0.0.0/8` @throws ConfigError that names the wrong one */
  constructor(ranges: readonly string[]) {
    this.#none = ranges.length === 0;
    for (const range of ranges) {
      const [address = '', bits, more] = range.split('/');
      const family = familyOf(address);
      if (family === undefined || more !== undefined)
        throw new ConfigError(`HUB_TRUSTED_PROXIES: “${range}” is no address`);
      if (bits === undefined) this.#trusted.addAddress(address, family);
      else if (!/^[0-9]{1,3}$/.test(bits) || Number(bits) > (family === 'ipv4' ? 32 : 128))
        throw new ConfigError(`HUB_TRUSTED_PROXIES: “${range}” is no range of addresses`);
      else this.#trusted.addSubnet(address, Number(bits), family);
    }
  }

  /** Address of the client of a request, within the handler of uWebSockets. */
  clientOf(res: HttpResponse, req: HttpRequest): string {
    const socket = Buffer.from(res.getRemoteAddressAsText()).toString('latin1');
    if (this.#none) return plainAddress(socket) ?? socket;
    const hops: string[] = [];
    // a proxy may add a header of its own instead of completing the one that came
    req.forEach((name, value) => {
      if (name === FORWARDED) hops.push(...value.split(','));
    });
    return this.resolve(socket, hops);
  }

  /** The last address named by a chain of trusted proxies; what a client wrote itself lies before it, and is not read. */
  resolve(socket: string, hops: readonly string[]): string {
    let client = plainAddress(socket) ?? socket;
    for (let at = hops.length - 1; at >= 0 && this.#trusts(client); at -= 1) {
      const next = plainAddress(hops[at] as string);
      if (next === undefined) break;
      client = next;
    }
    return client;
  }

  #trusts(address: string): boolean {
    const family = familyOf(address);
    return family !== undefined && this.#trusted.check(address, family);
  }
}

function familyOf(address: string): 'ipv4' | 'ipv6' | undefined {
  const version = isIP(address);
  return version === 4 ? 'ipv4' : version === 6 ? 'ipv6' : undefined;
}

/** An address without port, and IPv4 within IPv6 as IPv4; undefined when it is none. */
export function plainAddress(text: string): string | undefined {
  const given = text.trim();
  const bare = V4_PORT.exec(given)?.[1] ?? V6_PORT.exec(given)?.[1] ?? given;
  if (isIP(bare) === 0) return undefined;
  if (bare.toLowerCase().startsWith('::ffff:') && bare.includes('.')) return bare.slice(7);
  const mapped = MAPPED.exec(bare);
  if (mapped === null) return bare;
  const [high, low] = [Number.parseInt(mapped[1] as string, 16), Number.parseInt(mapped[2] as string, 16)];
  return `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`;
}

/** What counts as one client: an IPv4 address, or the network of an IPv6 one. */
export function clientKey(address: string): string {
  if (!address.includes(':')) return address;
  const [head = '', tail] = address.split('::');
  const groups = head.split(':').filter((group) => group !== '');
  const rest = tail === undefined ? [] : tail.split(':').filter((group) => group !== '');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - groups.length - rest.length);
  const whole = [...groups, ...new Array<string>(zeros).fill('0'), ...rest];
  return whole
    .slice(0, GROUPS)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}
