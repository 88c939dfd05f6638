/** Addresses that lead to somebody: neither private, nor for documentation, nor for tests. */
import { formatAddress, parseAddress } from "../../net/address";

/** RFC 6890: this host, private, CGNAT, loopback, link-local, documentation, benchmarks, multicast and above. */
const harmless =
  /^(?:0|10|127|22[4-9]|2[3-5]\d)\.|^100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|^169\.254\.|^172\.(?:1[6-9]|2\d|3[01])\.|^192\.168\.|^192\.0\.[02]\.|^198\.(?:51\.100|1[89])\.|^203\.0\.113\./;
/** RFC 4291, RFC 4193, RFC 3849. */
const harmlessV6 = /^(?:::$|::1$|::ffff:|fe[89ab]|f[cd]|ff|2001:db8(?::|$)|64:ff9b:)/i;

/** `198.18.0.0/15` is for benchmarks (RFC 2544), and no lab of the project's own has it. */
const standIn = { first: 198, second: 18 } as const;

const dotted = /(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d]|\.\d)/g;
/** The address in PORT and in 227 (RFC 959). */
const withCommas = /(?<![\d,])((?:\d{1,3},){3}\d{1,3})(?=,\d{1,3},\d{1,3}(?![\d,]))/g;
const colons = /(?<![\w:.])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?![\w:.])/gi;

/** Public addresses, replaced consistently: those of one /24 stay in one. */
export class PublicAddresses {
  readonly #networks = new Map<string, string>();
  readonly #hosts = new Map<string, string>();
  readonly #seen = new Set<string>();

  /** The text with others in the place of public addresses. */
  replace(text: string): string {
    return text
      .replace(dotted, (address) => this.#ipv4(address) ?? address)
      .replace(
        withCommas,
        (address: string) => this.#ipv4(address.replaceAll(",", "."))?.replaceAll(".", ",") ?? address,
      )
      .replace(colons, (address) => this.#ipv6(address) ?? address);
  }

  /** Every address that was replaced, as a packet has it. */
  get packed(): readonly Uint8Array[] {
    return [...this.#seen].flatMap((address) => {
      const parsed = parseAddress(address);
      if (parsed === null) return [];
      const length = parsed.family === "ipv4" ? 4 : 16;
      const byteAt = (index: number): number => Number((parsed.value >> BigInt(8 * (length - 1 - index))) & 0xffn);
      return [Uint8Array.from({ length }, (_, index) => byteAt(index))];
    });
  }

  #ipv4(written: string): string | null {
    const parsed = parseAddress(written);
    if (parsed === null || harmless.test(written)) return null;
    const [network, host] = [written.slice(0, written.lastIndexOf(".")), written.slice(written.lastIndexOf(".") + 1)];
    const number = this.#networks.get(network) ?? String(this.#networks.size);
    this.#networks.set(network, number);
    this.#seen.add(formatAddress(parsed));
    const count = Number(number);
    return `${standIn.first}.${standIn.second + ((count >> 8) & 1)}.${count & 255}.${host}`;
  }

  #ipv6(written: string): string | null {
    const parsed = parseAddress(written);
    if (parsed?.family !== "ipv6") return null;
    const address = formatAddress(parsed);
    if (harmlessV6.test(address)) return null;
    this.#seen.add(address);
    const known = this.#hosts.get(address) ?? `2001:db8:ffff::${(this.#hosts.size + 1).toString(16)}`;
    this.#hosts.set(address, known);
    return known;
  }
}
