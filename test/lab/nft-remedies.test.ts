import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { offersOf } from "../../harness/diagnose/offers";
import { diagnose } from "../../harness/diagnose/diagnose";
import type { Offer } from "../../harness/diagnose/remedies/remedy";
import { withPastedRules } from "../../harness/diagnose/remedies/pasted-rules";
import { readRecording } from "../../harness/evidence/recording/read-recording";
import type { CauseId } from "../../harness/model/diagnosis";
import type { CellResult, ExpectedResult, PlannedCell } from "../../harness/model/cell";
import { cellId } from "../../harness/model/cells";
import type { ServerProfile } from "../../harness/model/server-profile";
import type { Topology } from "../../harness/model/topology";
import type { Setup } from "../../harness/plan/setup";
import { withUserRules } from "../../harness/plan/user-rules";
import { catalog, choose, runCells } from "../support/lab-run";
import { partsOf, pastedInto } from "../support/paste";

jest.setTimeout(400_000);

type NftCase = {
  readonly cause: CauseId;
  readonly cell: string;
  readonly rules: string;
  /** The remedies that have to be printed in nft's words. */
  readonly remedies: readonly string[];
};

const serverNat = (
  more: { readonly helper?: string; readonly forward?: string; readonly related?: string } = {},
): string => `
table inet firewall {
  ct helper ftp-standard { type "ftp" protocol tcp; }
  chain helpers {
    type filter hook prerouting priority mangle; policy accept;
    ${more.helper ?? ""}
  }
  chain in {
    type filter hook input priority filter; policy drop;
    ct state established,related accept
  }
  chain passing {
    type filter hook forward priority filter; policy drop;
    ct state vmap { established : accept${more.related ?? ", related : accept"}, invalid : drop }
    iifname "internet" oifname "lan" tcp dport ${more.forward ?? "{ 21, 990 }"} accept
    iifname "lan" oifname "internet" accept
  }
}
table ip nat {
  chain pre {
    type nat hook prerouting priority dstnat;
    iifname "internet" tcp dport ${more.forward ?? "{ 21, 990 }"} dnat to 192.168.10.10
  }
  chain post {
    type nat hook postrouting priority srcnat;
    oifname "internet" masquerade
  }
}
`;

/** Two chains that a connection has to pass both, neither in a table of a usual name. */
const twoGuards = (family: string, inside: string, outside: string): string => `
table ${family} first_guard {
  chain early {
    type filter hook forward priority -10; policy drop;
    ct state established,related accept
    tcp dport { 21, 990 } accept
    iifname != "${outside}" accept
  }
}
table inet second_guard {
  chain late {
    type filter hook forward priority 10; policy drop;
    ct state established,related accept
    iifname "${outside}" oifname "${inside}" tcp dport { 21, 990 } ct state new accept
    iifname "${inside}" accept
  }
}
`;

/** As OpenWrt has it: zones, and what is forwarded is accepted. */
const clientNat = (out: string): string => `
table inet fw4 {
  chain forward {
    type filter hook forward priority filter; policy drop;
    ct state vmap { established : accept, related : accept }
    iifname "lan" jump forward_lan
    jump handle_reject
  }
  chain forward_lan {
    oifname "internet" ${out} accept
  }
  chain handle_reject {
    meta l4proto tcp reject with tcp reset
    reject with icmpx port-unreachable
  }
  chain srcnat {
    type nat hook postrouting priority srcnat; policy accept;
    oifname "internet" masquerade
  }
}
`;

const cases: readonly NftCase[] = [
  {
    cause: "no-helper",
    cell: "server-nat/tls-optional/basic-ftp/ftp/epsv/list",
    rules: serverNat(),
    remedies: ["attach-helper", "forward-passive-range"],
  },
  {
    cause: "helper-blind-to-tls",
    cell: "server-nat/tls-optional/basic-ftp/ftps/epsv/list",
    rules: serverNat({ helper: 'tcp dport 21 ct helper set "ftp-standard"' }),
    remedies: ["forward-passive-range"],
  },
  {
    cause: "helper-not-on-port",
    cell: "server-nat/tls-optional/basic-ftp/ftp/pasv/list",
    rules: serverNat({ helper: 'tcp dport 2121 ct helper set "ftp-standard"' }),
    remedies: ["attach-helper", "forward-passive-range"],
  },
  {
    cause: "related-not-accepted",
    cell: "server-nat/tls-optional/curl/ftp/epsv/list",
    rules: serverNat({ helper: 'tcp dport 21 ct helper set "ftp-standard"', related: "" }),
    remedies: ["accept-related"],
  },
  {
    cause: "port-unreachable",
    cell: "server-nat/tls-optional/basic-ftp/ftps-implicit/port/list",
    rules: serverNat({ forward: "21" }),
    remedies: ["open-control-port"],
  },
  {
    cause: "passive-port-not-forwarded",
    cell: "firewall/tls-optional/basic-ftp/ftps/epsv/list",
    rules: twoGuards("ip", "inside", "outside"),
    remedies: ["forward-passive-range"],
  },
  {
    cause: "passive-port-not-forwarded",
    cell: "ipv6-firewall/tls-optional/basic-ftp/ftps/epsv/list",
    rules: twoGuards("ip6", "inside", "outside"),
    remedies: ["forward-passive-range"],
  },
  {
    cause: "no-helper",
    cell: "client-nat/tls-optional/basic-ftp/ftp/port/list",
    rules: clientNat(""),
    remedies: ["attach-helper"],
  },
  {
    cause: "egress-blocked",
    cell: "client-nat/tls-optional/basic-ftp/ftps/pasv/list",
    rules: clientNat("tcp dport { 21, 990 }"),
    remedies: ["allow-outgoing"],
  },
];

const compared: ExpectedResult = {
  ...{ result: "not-run", stage: null, cause: null, unpredicted: true },
  reason: "Nothing is predicted: it is compared with what is printed.",
};

function setupOf({ cell: id, rules }: NftCase, index: number): Setup {
  const [planned] = choose([id]);
  const topology = catalog.topologies.get(planned?.cell.topology ?? "");
  const server = catalog.profiles.get(planned?.cell.server ?? "");
  if (planned === undefined || topology === undefined || server === undefined) throw new Error(`no cell ${id}`);
  const own = { format: "nftables", file: "own.nft", text: rules } as const;
  const ruled = withUserRules(topology, [{ node: null, rules: own }]);
  if (typeof ruled === "string") throw new Error(ruled);
  return { cell: planned.cell, topology: { ...ruled, id: `${topology.id}-nft-${index}` }, server };
}

/** Runs each set-up's cell, in a lab of its own. */
async function run(setups: readonly Setup[], folder: string): Promise<readonly CellResult[]> {
  const planned = setups.map(({ cell, topology, server }): PlannedCell => {
    const axes = { ...cell, topology: topology.id, server: server.id };
    return { cell: { ...axes, id: cellId(axes) }, expected: compared };
  });
  const { cells } = await runCells(planned, {
    folder,
    topologies: new Map(setups.map(({ topology }): [string, Topology] => [topology.id, topology])),
    profiles: new Map(setups.map(({ server }): [string, ServerProfile] => [server.id, server])),
  });
  return planned.map(({ cell }) => {
    const found = cells.find(({ id }) => id === cell.id);
    if (found === undefined) throw new Error(`no result of ${cell.id}`);
    return found;
  });
}

type Trial = { readonly name: string; readonly setup: Setup; readonly lines: readonly string[] };

function trialOf(setup: Setup, { remedy, printed }: Offer, name: string): Trial {
  const after = remedy.apply(setup) ?? setup;
  const pasted = withPastedRules(setup, after, printed);
  const server = pastedInto(setup.server, partsOf(printed), name.replace(/\W+/g, "-"));
  const topology = { ...pasted.topology, id: `${setup.topology.id}-${printed.id}` };
  return { name, setup: { ...setup, topology, server }, lines: printed.lines };
}

test("what is printed for routers with rules of nftables is nft's, and cures when it is pasted as it stands", async () => {
  const folder = await mkdtemp(join(tmpdir(), "ftp-nat-matrix-nft-"));
  try {
    const setups = cases.map(setupOf);
    const before = await run(setups, join(folder, "before"));
    const told = before.map((result) => {
      const { evidence } = readRecording(join(folder, "before", "cells", ...result.id.split("/")));
      if (evidence === null) throw new Error(`no evidence of ${result.id}`);
      const [first] = diagnose(evidence).findings;
      const offers = first === undefined ? [] : offersOf(first.cause, evidence);
      return { cause: first?.cause, offers: offers.filter(({ printed }) => printed.party === "network admin") };
    });
    expect(told.map(({ cause, offers }) => ({ cause, remedies: offers.map(({ printed }) => printed.id) }))).toEqual(
      cases.map(({ cause, remedies }) => ({ cause, remedies: expect.arrayContaining([...remedies]) as unknown })),
    );
    const trials = cases.flatMap(({ cause, remedies }, index): Trial[] => {
      const setup = setups[index];
      const offers = (told[index]?.offers ?? []).filter(({ printed }) => remedies.includes(printed.id));
      if (setup === undefined) throw new Error("no set-up");
      return offers.map((offer) => trialOf(setup, offer, `${index} ${cause} ${offer.printed.id}`));
    });
    for (const { lines } of trials) {
      expect(lines.filter((line) => line.includes("iptables"))).toEqual([]);
      expect(lines.some((line) => line.startsWith("nft "))).toBe(true);
    }
    const after = await run(
      trials.map(({ setup }) => setup),
      join(folder, "after"),
    );
    const uncured = after.flatMap(({ result, stage, cause, message }, index) =>
      result === "worked"
        ? []
        : [{ trial: trials[index]?.name, lines: trials[index]?.lines, result, stage, cause, message }],
    );
    expect(uncured).toEqual([]);
    expect(trials.length).toBeGreaterThanOrEqual(cases.length);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
