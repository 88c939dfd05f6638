import { readFileSync } from "node:fs";
import { join } from "node:path";
import { openedBy } from "../../harness/diagnose/advise/opens";
import { connectEngine, type Engine } from "../../harness/lab/engine";
import { buildImage } from "../../harness/lab/image-build";
import { imageTag } from "../../harness/lab/image-definitions";
import { imageId } from "../../harness/lab/images";
import { makeLabels } from "../../harness/lab/labels";
import { NodeShell } from "../../harness/lab/node-shell";
import type { Kept } from "../../harness/model/advice";
import { advisedOn } from "../support/imported-advice";

// The image is built once.
jest.setTimeout(600_000);

/** A machine with the tool's usual rules, how it takes the tool's words, and where those stand for which it has none. */
type Case = {
  readonly tool: string;
  readonly files: Readonly<Record<string, string>>;
  readonly start: string;
  readonly save: string;
  readonly take: (kept: Kept) => string;
};

const lines = (...all: readonly string[]): string => all.join("\n");

const vsftpd =
  "listen=YES\nanonymous_enable=NO\nlocal_enable=YES\nssl_enable=YES\nrsa_cert_file=/etc/ssl/vsftpd.pem\npasv_min_port=60000\npasv_max_port=60050\n";
const outside = "2: out0: <UP> mtu 1500\n    inet 198.51.100.9/24 scope global out0\n";
const router = `${outside}3: in0: <UP> mtu 1500\n    inet 192.168.1.1/24 scope global in0\n`;
const addresses = lines(
  "for side in out in; do ip link add ${side}0 type veth peer name ${side}1; ip link set ${side}0 up; ip link set ${side}1 up; done",
  "ip addr add 198.51.100.9/24 dev out0; ip addr add 192.168.1.1/24 dev in0; ip route add default via 198.51.100.1",
);
const daemon = lines(
  "mkdir -p /run/dbus; dbus-daemon --system --fork; firewalld --nopid",
  "for try in $(seq 100); do firewall-cmd --state && break; sleep 0.1; done",
);
const asShell = ({ lines: own, rest }: Kept): string => lines("set -e", ...own, ...rest);

const cases: readonly Case[] = [
  {
    tool: "ufw",
    files: { "ip.txt": outside },
    start: lines("ufw allow 22/tcp", "ufw allow 21/tcp", "ufw deny 60010/tcp", "ufw --force enable"),
    save: "iptables-save",
    take: asShell,
  },
  {
    tool: "ufw",
    files: { "ip.txt": outside },
    // What stands in before.rules alone is no rule of which ufw counts the places.
    start: lines(
      "sed -i 's/^# allow all on loopback/-A ufw-before-input -p tcp --dport 21 -j ACCEPT/' /etc/ufw/before.rules",
      "ufw --force enable",
    ),
    save: "iptables-save",
    take: asShell,
  },
  {
    tool: "firewalld",
    files: { "ip.txt": outside },
    start: lines(
      daemon,
      "firewall-cmd --permanent --zone=internal --add-interface=in0",
      "firewall-cmd --permanent --zone=dmz --add-interface=out0",
      "firewall-cmd --permanent --zone=dmz --add-port=21/tcp; firewall-cmd --reload",
    ),
    save: "nft list ruleset",
    take: asShell,
  },
  {
    tool: "firewalld",
    files: { "ip.txt": router },
    start: lines(
      daemon,
      "firewall-cmd --permanent --zone=internal --add-interface=in0",
      "firewall-cmd --permanent --zone=external --add-interface=out0",
      "firewall-cmd --permanent --zone=external --add-forward-port=port=21:proto=tcp:toaddr=192.168.1.5; firewall-cmd --reload",
    ),
    save: "nft list ruleset",
    take: asShell,
  },
  {
    tool: "Shorewall",
    files: { "ip.txt": router },
    start: lines(
      "cd /etc/shorewall",
      "printf 'fw firewall\\nnet ipv4\\nloc ipv4\\n' > zones",
      "printf '?FORMAT 2\\nnet out0\\nloc in0\\n' > interfaces",
      "printf 'loc all ACCEPT\\nnet all DROP\\nall all REJECT\\n' > policy",
      "printf '?SECTION NEW\\nDNAT net loc:192.168.1.5 tcp 21\\n' > rules; printf 'MASQUERADE - out0\\n' > snat",
      "shorewall start || true",
    ),
    save: "iptables-save",
    take: ({ lines: own, rest }) => {
      const rules = own.filter((line) => line.includes("/etc/shorewall/rules"));
      const commands = own.filter((line) => !rules.includes(line));
      return lines(
        "cd /etc/shorewall; cat > more <<'END'",
        ...rules,
        "END",
        "sed -i '/SECTION NEW/r more' rules",
        ...commands.map((line) => `${line} || true`),
        ...rest,
      );
    },
  },
];

/** All at night; else one of each tool. */
const isNight = process.env["TOOL_WORDS"] === "all";
const chosen = cases.filter(({ tool }, index) => isNight || cases.findIndex((one) => one.tool === tool) === index);

let engine: Engine;
let image: string | null = null;
let why = "";

beforeAll(async () => {
  engine = await connectEngine();
  const name = "firewall-tools";
  const content = readFileSync(join(__dirname, "..", "support", "images", name, "Dockerfile"));
  const context = [{ path: "Dockerfile", content }];
  const tag = imageTag(name, context, "");
  try {
    if ((await imageId(engine, tag)) === null) await buildImage(engine, { name, tag, context });
    image = tag;
  } catch (error) {
    why = String(error);
  }
});

/** Runs a case's machine in a network of its own, and gives its rules before and after the tool took the words. */
async function rulesOf(
  { start, save, take }: Case,
  tag: string,
  keptFor: (before: string) => Kept,
): Promise<readonly [before: string, after: string]> {
  const container = await engine.docker.createContainer({
    Image: tag,
    Cmd: ["sleep", "infinity"],
    Labels: makeLabels({ node: "firewall-tools" }),
    HostConfig: { NetworkMode: "none", CapAdd: ["NET_ADMIN", "NET_RAW"], AutoRemove: true },
  });
  await container.start();
  const shell = await NodeShell.open(engine, container.id, "firewall-tools");
  try {
    const run = (script: string): Promise<string> => shell.run("start", `(${script}\n)`, { deadlineMs: 60_000 });
    await run(lines(addresses, start));
    const before = await run(save);
    await run(take(keptFor(before)));
    return [before, await run(save)];
  } finally {
    shell.close();
    await container.remove({ force: true });
  }
}

it.each(chosen.map((one, index) => [one.tool, index, one] as const))(
  "%s takes the words that advise gives for its rules, and lets pass what is promised and nothing more (%#)",
  async (tool, _, machine) => {
    if (image === null) {
      process.stderr.write(`The tool's words were not tried: the image of the tools could not be built. ${why}\n`);
      return;
    }
    const filesWith = (rules: string): Record<string, string> => ({
      ...machine.files,
      "rules.txt": rules,
      "vsftpd.conf": vsftpd,
    });
    let first: ReturnType<typeof advisedOn> | undefined;
    const [, after] = await rulesOf(machine, image, (before) => {
      first = advisedOn(filesWith(before));
      const kept = first.advice.sets[0]?.lines.find(({ kept: own }) => own !== undefined)?.kept;
      if (kept === undefined) throw new Error(`no words of ${tool}`);
      expect(kept.by).toBe(tool);
      return kept;
    });
    const then = advisedOn(filesWith(after));
    expect(then.advice.needs.map(({ expected }) => expected.result)).toEqual(then.advice.needs.map(() => "worked"));
    const opened = first?.views.flatMap((view, index) => openedBy(view, then.views[index] ?? view));
    expect(opened).toEqual(first?.advice.sets[0]?.opens);
  },
);
