import { BlockList, isIP } from 'node:net';

/**
 * Addresses the hub calls: unicast of the public Internet, and nothing else (IANA special-purpose registries, RFC 6890).
 * A partner names the address of its webhook; it must not become a way into the network the hub stands in.
 */
const CLOSED_4 = [
  ['0.0.0.0', 8, 'this network'],
  ['10.0.0.0', 8, 'private'],
  ['100.64.0.0', 10, 'shared by carriers; metadata of one cloud'],
  ['127.0.0.0', 8, 'loopback'],
  ['169.254.0.0', 16, 'link-local; metadata of most clouds'],
  ['172.16.0.0', 12, 'private'],
  ['192.0.0.0', 24, 'protocol assignments'],
  ['192.0.2.0', 24, 'documentation'],
  ['192.88.99.0', 24, '6to4 relays'],
  ['192.168.0.0', 16, 'private'],
  ['198.18.0.0', 15, 'benchmarks'],
  ['198.51.100.0', 24, 'documentation'],
  ['203.0.113.0', 24, 'documentation'],
  ['224.0.0.0', 4, 'multicast'],
  ['240.0.0.0', 4, 'reserved, broadcast'],
  ['168.63.129.16', 32, 'the host of one cloud, in public space'],
] as const;
/** Global unicast of IPv6; in it, what leads elsewhere. Mapped, NAT64, unique local and link-local lie outside. */
const OPEN_6 = ['2000::', 3] as const;
const CLOSED_6 = [
  ['2001::', 23, 'protocol assignments, Teredo, ORCHID'],
  ['2001:db8::', 32, 'documentation'],
  ['2002::', 16, '6to4: an IPv4 address in disguise'],
  ['3fff::', 20, 'documentation'],
] as const;

const closed = new BlockList();
for (const [network, prefix] of CLOSED_4) closed.addSubnet(network, prefix, 'ipv4');
for (const [network, prefix] of CLOSED_6) closed.addSubnet(network, prefix, 'ipv6');
const open6 = new BlockList();
open6.addSubnet(OPEN_6[0], OPEN_6[1], 'ipv6');

/** Whether an IP address, as text, is one of the public Internet. */
export function isPublic(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !closed.check(address, 'ipv4');
  // A zone names an interface of this machine: it is link-local whatever its address says.
  if (family !== 6 || address.includes('%')) return false;
  return open6.check(address, 'ipv6') && !closed.check(address, 'ipv6');
}

/** Longest address of a webhook, characters. */
export const MAX_URL = 2_000;

/** Why an address cannot be called, in French; or the address as it will be called. */
export type Checked = { url: URL } | { wrong: string };

/** The form of a webhook's address; what its name leads to is checked when it is called. @param open private ones and HTTP too */
export function checkUrl(text: string, open: boolean): Checked {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || text.length > MAX_URL) return { wrong: 'L’adresse n’est pas une URL valable' };
  if (url.protocol !== 'https:' && !(open && url.protocol === 'http:'))
    return { wrong: 'L’adresse doit commencer par https://' };
  if (url.username !== '' || url.password !== '')
    return { wrong: 'L’adresse ne doit contenir ni nom d’utilisateur ni mot de passe : l’appel est signé' };
  if (url.hash !== '') return { wrong: 'L’adresse ne doit pas contenir de fragment (#)' };
  const literal = literalOf(url);
  if (literal !== undefined && !open && !isPublic(literal)) return { wrong: 'Cette adresse n’est pas publique' };
  return { url };
}

/** The IP address an URL names itself, undefined when it names a host. WHATWG URL has made 0x7f.1 and 2130706433 plain. */
export function literalOf(url: URL): string | undefined {
  const host = url.hostname.startsWith('[') ? url.hostname.slice(1, -1) : url.hostname;
  return isIP(host) === 0 ? undefined : host;
}
