import { directivesIn, valuesOf } from "../../../../harness/catalog/servers/proftpd-directives";

const portsIn = (...lines: readonly string[]): string | undefined =>
  valuesOf(directivesIn(lines.join("\n")), "passiveports")?.[0];
const [five, six] = ["PassivePorts 50000 50001", "PassivePorts 60000 60001"];

/** Measured with ProFTPD 1.3.8c of Debian 13. */
describe("the directive that counts of several", () => {
  it.each([
    ["the first of the main server", [five, six], "50000"],
    ["the first of <Global>", ["<Global>", five, six, "</Global>"], "50000"],
    ["the main server's before that of <Global>", ["<Global>", five, "</Global>", six], "60000"],
    ["the main server's before that of a later <Global>", [six, "<Global>", five, "</Global>"], "60000"],
    ["that of a later <Global>", ["<Global>", five, "</Global>", "<Global>", six, "</Global>"], "60000"],
    ["none of a virtual host", ["<VirtualHost 192.0.2.1>", five, "</VirtualHost>"], undefined],
    ["one on two lines", ["PassivePorts \\", "50000 50001"], "50000"],
  ])("is %s", (_, lines, expected) => {
    expect(portsIn(...lines)).toBe(expected);
  });
});
