/** The keys of `topologies/<id>.yaml`; the descriptions become the hover text of editors. */
import { z } from "zod";
import { rulesFormat } from "../plan/user-rules";
import { balancedBy, helperLines, type HelperLine } from "../model/topology";
import { address, addressRange, id, mapping, portRange, prose, subnet } from "./fields";

const role = <Word extends string>(word: Word, description: string) => z.literal(word).describe(description);

const gateway = address(
  "Address of the neighbour that packets for other networks are sent to. Left out: no default route.",
)
  .meta({ id: "gateway" })
  .optional();
const ports = (description: string) =>
  z.array(portRange("A port, or a range such as 50000-50999.")).min(1).describe(description);
const verdict = z.enum(["accept", "drop", "reject", "prohibit"]);
const wholeNumber = (least: number, most: number, description: string) =>
  z.number().int().min(least).max(most).describe(description);
/** YAML takes 227 for a number. */
const helperLine = z
  .union([z.enum(helperLines), z.literal([227, 229])], "expected 227, 229, PORT or EPRT")
  .transform((word): HelperLine => (word === 227 ? "227" : word === 229 ? "229" : word));
const linkName = (description: string) => z.string().describe(description);

const sysctls = z
  .record(
    z
      .string()
      .regex(
        /^net\.(ipv4|ipv6|netfilter)(\.[A-Za-z0-9_-]+(\/[A-Za-z0-9_-]+)*)+$/,
        "expected a setting of the network such as net.ipv4.tcp_keepalive_time",
      ),
    z.union([z.int().min(0).max(2_147_483_647), z.string().regex(/^\d{1,10}( \d{1,10}){0,3}$/)]).transform(String),
  )
  .describe(
    "Settings of this node's kernel by name, such as net.ipv4.tcp_keepalive_time; values are numbers. In the name of an interface, / stands for a dot.",
  )
  .meta({ id: "sysctls" })
  .optional();

const rules = (description: string) =>
  z
    .string()
    .refine((text) => rulesFormat(text) !== null, "expected the output of iptables-save, or an nftables file")
    .optional()
    .describe(`${description}: the output of iptables-save, or an nftables file.`);

const ownFile = (description: string) =>
  z.string().min(1, "expected a path").max(200, "expected at most 200 characters").describe(description);

const rulesFiles = z
  .array(ownFile("A file, by its path from this one's folder, such as rules/router.v4."))
  .min(1)
  .max(8)
  .optional()
  .describe(
    "Files with your own rules in place of `rules`, loaded in this order: output of iptables-save, or nftables files. Those for another IP version than the node's are not loaded.",
  );

const absent = z
  .array(z.string().min(1, "expected an interface or an address").max(64, "expected at most 64 characters"))
  .max(64)
  .optional()
  .describe(
    "Interfaces and addresses that your own rules name and that nobody has, as in the real network: a stale address, an interface that is gone. Rules for them match nothing.",
  );

const hostRules = {
  firewall: z
    .array(portRange("A port, or a range such as 50000-50999."))
    .optional()
    .describe(
      "The host's own firewall: the TCP ports to which new connections may come in, `[]` for none; everything else " +
        "that the host did not ask for is dropped. Left out: it has none.",
    ),
  rules: rules("Your own rules for this host"),
  "rules-files": rulesFiles,
  absent,
};

const clientSchema = mapping({
  role: role(
    "client",
    "The host that the FTP client runs on; several are positions of the network, each tried by itself.",
  ),
  position: id
    .describe("The name of its position in ids, if there are several: office@lan. Left out: the node's name.")
    .optional(),
  dial: address("The address that it dials in place of the network's `dial`.").optional(),
  gateway,
  ...hostRules,
  sysctls,
}).describe("The host that the FTP client runs on.");

const serverSchema = mapping({
  role: role("server", "A host that the FTP server runs on; one, or several that are alike."),
  gateway,
  "passive-ports": portRange("ProFTPD's PassivePorts: where it listens for passive data connections, from 1024 up."),
  "masquerade-address": address(
    "ProFTPD's MasqueradeAddress: put into PASV's 227 reply (EPSV has no address).",
  ).optional(),
  "control-port": wholeNumber(1, 65_535, "ProFTPD's Port: where it listens for plain FTP and explicit TLS.").default(
    21,
  ),
  ...hostRules,
  sysctls,
}).describe("The host that ProFTPD runs on.");

const allowSchema = mapping({
  from: linkName("The link that the connection comes in by."),
  to: linkName("The link that it goes out by."),
  ports: ports("The destination ports that may be opened. Left out: any port.").optional(),
}).describe("New TCP connections that may pass.");

const filterSchema = mapping({
  input: verdict
    .default("drop")
    .describe("New connections to the router itself: drop is silent, reject answers with RST, prohibit with ICMP."),
  forward: verdict.default("drop").describe("New connections through the router that `allow` does not name."),
  related: z.boolean().default(true).describe("Whether connections that the FTP helper expects (RELATED) may pass."),
  allow: z.array(allowSchema).default([]).describe("New connections that may pass through the router."),
}).describe("A stateful packet filter; what belongs to an established connection always passes.");

const routerSchema = mapping({
  role: role("router", "A Linux router; any number."),
  gateway,
  helper: ports(
    "Control ports whose connections the FTP helper reads (CT --helper ftp). Left out: the router does not follow FTP.",
  ).optional(),
  "port-forwards": z
    .array(
      mapping({
        on: linkName("The link that the connection comes in by."),
        address: address("The address that is forwarded. Left out: the router's own on that link.").optional(),
        ports: ports("The ports that are forwarded; they keep their numbers unless `to-ports` is given."),
        to: z
          .union([
            address("The address they are forwarded to."),
            z.array(address("A server's address.")).min(2).max(16).describe("Servers that share the connections."),
          ])
          .describe("The address that they are forwarded to, or the addresses of servers that share the connections."),
        balance: z
          .enum(balancedBy)
          .default("round-robin")
          .describe(
            "How a new connection chooses one of several servers: each in turn, a random one, or always the same one " +
              "for a source address.",
          ),
        "to-ports": portRange("The ports they are forwarded to, as many as the one range in `ports`.").optional(),
      }).describe("DNAT of connections to an address of the router."),
    )
    .default([])
    .describe("Connections to the router's own address that are forwarded to a host behind it (DNAT)."),
  masquerade: z
    .array(linkName("A link."))
    .default([])
    .describe("Links out of which sources are translated to the router's address (NAPT)."),
  "source-nat": z
    .array(
      mapping({
        out: linkName("The link that the connection goes out by."),
        ports: ports("The destination ports of connections that are translated. Left out: any port.").optional(),
        to: address("The router's address that they leave from."),
      }).describe("SNAT of connections that leave by a link."),
    )
    .default([])
    .describe(
      "Sources that are translated to a given address (SNAT); the first entry that matches counts, then `masquerade`.",
    ),
  filter: filterSchema.prefault({}),
  tables: z
    .enum(["nf_tables", "legacy"])
    .default("nf_tables")
    .describe("The packet filter of the kernel that holds its rules: iptables-nft or iptables-legacy."),
  "helper-by": z
    .enum(["iptables", "nftables"])
    .default("iptables")
    .describe("How the helper is attached: by iptables' CT target, or by nftables' own `ct helper set`."),
  "helper-knows": z
    .array(helperLine)
    .min(1)
    .optional()
    .describe("The lines that its helper understands. Left out: all four, as Linux's does."),
  "idle-timeout": wholeNumber(
    1,
    432_000,
    "Seconds of silence after which it forgets an established connection for good. Left out: five days.",
  ).optional(),
  mtu: wholeNumber(
    576,
    1499,
    "Longest packet in bytes that it forwards, as if a tunnel lay behind it. Left out: 1500, as its wires do.",
  ).optional(),
  "tells-too-long": z
    .boolean()
    .default(true)
    .describe("Whether it sends ICMP (fragmentation needed, packet too big) if a packet is too long for it."),
  "loses-one-in": wholeNumber(
    10,
    100_000,
    "One of this many TCP packets to it is lost on the wire. Left out: none.",
  ).optional(),
  rules: rules("Your own rules in place of those that follow from the other keys"),
  "rules-files": rulesFiles,
  absent,
  sysctls,
}).describe("A Linux router with iptables and, where `helper` is given, nf_conntrack_ftp.");

const translatorSchema = mapping({
  role: role("translator", "A NAT64 translator between a client that has only IPv6 and the IPv4 side; one at most."),
  gateway,
  prefix: subnet("The 96-bit IPv6 prefix under which it maps IPv4 (RFC 6052), such as 2001:db8:64::/96."),
  pool: addressRange("IPv4 addresses that it uses for the client's, as many as the client has."),
  sysctls,
}).describe("A NAT64 translator without state (tayga).");

const nodeSchema = z.discriminatedUnion("role", [clientSchema, routerSchema, serverSchema, translatorSchema], {
  // Also called for what is no mapping at all.
  error: (issue: { readonly code: string }) =>
    issue.code === "invalid_union" ? "expected the role client, router, translator or server" : undefined,
});

const linkSchema = mapping({
  subnet: subnet(
    "The link's subnet. Public sides use 192.0.2.0/24, 198.51.100.0/24, 203.0.113.0/24 and 2001:db8::/32.",
  ),
  addresses: z
    .record(
      z.string(),
      addressRange(
        "A node's address on this link, or a range: the client has one address for each session, a router may have several.",
      ),
    )
    .describe("The link's two nodes, each with its address."),
  interfaces: z
    .record(z.string(), z.string().describe("The interface's name in that node, such as pppoe-wan."))
    .optional()
    .describe("The name of each node's interface on this link, by node. Left out: the link's id."),
  "rate-kbit": wholeNumber(8, 10_000_000, "Rate of each direction, in kbit/s. Left out: no limit.").optional(),
  "delay-ms": wholeNumber(1, 2000, "Delay of each direction, in ms. Left out: none.").optional(),
}).describe(
  "A wire between two nodes; the id is also the interface's name at each end, unless `interfaces` gives another.",
);

export const topologySchema = mapping({
  title: prose("A line that says what is special about this network."),
  description: prose("Who is where, what the routers do, which real devices are like this, what to expect."),
  core: z
    .boolean()
    .default(true)
    .describe("Whether it is part of the core matrix, which should run in a minute. Left out: yes."),
  family: z
    .enum(["ipv4", "ipv6"])
    .describe("The IP version of every address in the file, or with a translator the client's."),
  dial: address("The address that clients dial: the server's, or that of the router which forwards to it."),
  nodes: z.record(id, nodeSchema).describe("The hosts and routers, by id."),
  links: z.record(id, linkSchema).describe("The wires between them, by id."),
}).meta({ title: "A network to try FTP through" });

export type TopologyText = z.output<typeof topologySchema>;
