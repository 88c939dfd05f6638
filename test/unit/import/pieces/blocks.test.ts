import { blocksOf } from "../../../../harness/import/pieces/blocks";

function settingsIn(text: string): readonly string[] {
  const { pieces } = blocksOf(text.split("\n"), { from: { file: "router.txt", line: 1 }, host: null, path: null });
  return pieces.filter(({ kind }) => kind === "sysctl").flatMap(({ lines }) => lines);
}

test.each([
  ["root@gw:~# cat /proc/sys/net/ipv4/ip_forward\n1", "net.ipv4.ip_forward = 1"],
  ["# cat /proc/sys/net/netfilter/nf_conntrack_helper\n0\n", "net.netfilter.nf_conntrack_helper = 0"],
  ["[admin@fw ~]$ sysctl -n net.ipv4.conf.eth0.rp_filter\n2", "net.ipv4.conf.eth0.rp_filter = 2"],
])("a setting's value that is printed alone has its name: %j", (text, setting) => {
  expect(settingsIn(text)).toEqual([setting]);
});

test("what is no value gets no name", () => {
  expect(settingsIn("# cat /proc/sys/net/netfilter/nf_conntrack_helper\ncat: can't open it")).toEqual([]);
});
