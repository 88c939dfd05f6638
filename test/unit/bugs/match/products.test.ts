import { productIn } from "../../../../harness/bugs/match/products";
import { caseIn } from "../../../support/read-case";
import { settingOf } from "../../../../harness/bugs/match/setting";
import { furtherPastes } from "../../../../harness/bugs/match/further-pastes";
import { curesOf } from "../../../../harness/bugs/match/cures";
import { shownIn } from "../../../../harness/bugs/match/shown";
import type { MatchedCure } from "../../../../harness/model/match";

const dialogue = `220 ready
USER a
331 Please specify the password.
PASS ###
230 Login successful.
PASV
227 Entering Passive Mode (203,0,113,130,195,88).
LIST
curl: (28) Connection timed out`;

function answer(text: string): { readonly paste: readonly string[]; readonly cures: readonly MatchedCure[] } {
  const read = caseIn([text]);
  if (read === null) throw new Error("nothing of FTP");
  const setting = settingOf(read.symptom, [text]);
  const shown = shownIn([text], read.symptom);
  return {
    paste: furtherPastes(read.candidates, setting),
    cures: curesOf({ cause: "no-helper", because: [] }, setting, shown),
  };
}

test.each([
  ["Mar 02 06:15:05: %ASA-4-106023: Deny tcp src inside:10.0.0.1/52211", "Cisco ASA"],
  ["our FortiGate 60F lets FTP out", "FortiGate"],
  ["behind a MikroTik hAP", "RouterOS"],
  ["RT_FLOW_SESSION_DENY: session denied", "Junos"],
  ["root@OPNsense:~ # tcpdump; filterlog[123]: 5,,,block", "OPNsense"],
  ["filterlog[123]: 5,,,block", "pf"],
  ["Chain FORWARD (policy DROP)", null],
  ["between the FortiGate and the MikroTik", null],
])("%s is of %s", (text, name) => {
  expect(productIn(text)?.name ?? null).toBe(name);
});

test.each([
  ["the firewall is an OPNsense", "pfctl -s rules", "Plugin os-ftp-proxy"],
  ["the firewall is a FortiGate 60F", "show firewall policy", "config system session-helper"],
  ["the router is a MikroTik", "/ip firewall export", "/ip firewall service-port set ftp"],
  ["Cisco ASA in front of it", "show running-config access-list", "policy-map global_policy"],
])("%s: asked and cured in its words", (words, rules, line) => {
  const { paste, cures } = answer(`${words}\n\n${dialogue}`);
  expect(paste.join("\n")).toContain(rules);
  expect(paste.join("\n")).not.toContain("iptables");
  expect(cures.flatMap(({ lines }) => lines).join("\n")).toContain(line);
});

test("an ASA is told the port of the control connection", () => {
  const { cures } = answer(
    `%ASA-6-302013: Built inbound TCP connection 4 for outside:198.51.100.23/51230 (198.51.100.23/51230) to dmz:10.20.30.40/2121 (192.0.2.40/2121)\n${dialogue}`,
  );
  expect(cures.flatMap(({ lines }) => lines)).toContain(" match port tcp eq 2121");
});

test("a Linux router is asked for what Linux has", () => {
  expect(answer(`behind a router with iptables\n\n${dialogue}`).paste.join("\n")).toContain("iptables-save");
});
