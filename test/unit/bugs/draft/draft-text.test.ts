import { bugNames } from "../../../../harness/cli/bug-names";
import { loadCatalog } from "../../../../harness/cli/catalog";
import { draftOf as draftTextOf, readReport } from "../../../../harness/cli/draft";
import { loadKnownCells } from "../../../../harness/cli/known-cells";
import type { BugScenario } from "../../../../harness/model/bug";
import { expectedFrom } from "../../../../harness/plan/expected";
import { planReproduction } from "../../../../harness/bugs/reproduce/plan-reproduction";
import { parseBug } from "../../../../harness/inputs/bug-file";
import { pastedLogs } from "../../../support/pasted-logs";

const catalog = loadCatalog();
const names = bugNames(catalog);
const cells = loadKnownCells();
const drafts = new Map<string, Drafted>();

type Drafted = { readonly text: string; readonly bug: BugScenario };

/** Each is drafted once. */
function draftOf(pasted: string): Drafted {
  const draft = drafts.get(pasted) ?? drafted(pasted);
  drafts.set(pasted, draft);
  return draft;
}

function drafted(pasted: string): Drafted {
  const read = readReport(pasted);
  if (read === null) throw new Error("nothing was read");
  const text = draftTextOf(read, [], catalog, cells);
  return { text, bug: parseBug({ file: "draft.yaml", text }, names) };
}

/** Every variant's prediction must be what the variant says; that the lab agrees is for the lab to show. */
function contradictions(bug: BugScenario): readonly string[] {
  const { planned, topologies, profiles } = planReproduction(bug, { comparesOthers: false });
  return planned.flatMap(({ cell, expected }) => {
    const [topology, server] = [topologies.get(cell.topology), profiles.get(cell.server)];
    if (topology === undefined || server === undefined) return [`${cell.id} has no set-up`];
    const predicted = expectedFrom(cell, { topology, server });
    // Of another session that fails, nobody says where.
    if (expected.unpredicted === true && predicted.result === expected.result) return [];
    const said = [expected.result, expected.stage, expected.cause].join(" ");
    const first = [predicted.result, predicted.stage, predicted.cause].join(" ");
    return said === first ? [] : [`${cell.id}: ${said} in place of ${first}`];
  });
}

describe("a draft", () => {
  it.each(Object.entries(pastedLogs))("of %s is a scenario that is predicted to show the same", (_, pasted) => {
    const { bug } = draftOf(pasted);
    expect(contradictions(bug)).toEqual([]);
    expect(bug.variants[0]?.shows).toMatchObject({ result: "failed", stage: bug.reported.stage });
    expect(bug.variants.map(({ id }) => id)).toContain("fixed");
  });

  it.each<[keyof typeof pastedLogs, string]>([
    ["basicFtp425", "basic-ftp+no-resume"],
    ["curlPrivate227", "curl+use-pasv-ip"],
    ["filezillaActive", "filezilla"],
    ["wgetRefused", "wget"],
    ["lftpFixesAddress", "lftp"],
    ["ftplibTimeout", "ftplib"],
    // lftp goes on with TLS after a refused CCC, and ftplib has no EPRT over IPv4.
    ["lftpCccRefused", "basic-ftp"],
    ["ftplibEprt", "basic-ftp"],
  ])("of %s has the client %s, used as the log shows it", (name, client) => {
    expect(draftOf(pastedLogs[name]).bug.variants[0]?.setup.client).toBe(client);
  });

  it("says that the log has other sessions, and takes what worked in them for tried", () => {
    const login = "220 a\nUSER b\n331 c\nPASS d\n230 e\n";
    const { text, bug } = draftOf(
      `${login}EPSV\n229 f (|||50123|)\nConnection timed out\n${login}PASV\n227 f (203,0,113,9,195,80)\nLIST\n150 g\n226 h`,
    );
    expect(text).toContain(
      "# The log has 2 sessions; this is the one from line 1, others begin at line 9 (ftp and PASV, worked).",
    );
    expect(bug.variants.map(({ id }) => id)).toContain("works-ftp-pasv");
    expect(contradictions(bug)).toEqual([]);
  });

  it("has the server software that greeted, where the lab can set it up so", () => {
    expect(draftOf(pastedLogs.ftplibTimeout).bug.variants[0]?.setup.server.software).toBe("vsftpd");
    expect(draftOf(pastedLogs.winscp).bug.variants[0]?.setup.server.software).toBe("vsftpd");
    const { text, bug } = draftOf(pastedLogs.winscp.replace("(vsFTPd 3.0.5)", "FileZilla Server 1.7.0"));
    expect(bug.variants[0]?.setup.server.software).toBe("proftpd");
    // Another software has other codes.
    expect(bug.variants[0]?.shows).toMatchObject({ reply: null, says: [] });
    expect(text).toContain("# reply: 530");
  });

  it("says what only the reporter knows, and what would tell the causes apart", () => {
    const { text } = draftOf(pastedLogs.curlPrivate227);
    expect(text).toContain("# ? Which line greets (220)?");
    // A line names the cause: no other session has to tell it from another one.
    expect(text).not.toContain("? Ask:");
    const login = "220 (vsFTPd 3.0.3)\n-> AUTH TLS\n234 ok\n-> USER a\n331 ok\n-> PASS b\n230 ok\n-> PROT P\n200 ok\n";
    const open = `${login}-> PASV\n227 Entering Passive Mode (203,0,113,5,200,1)\n-> LIST\nerror: timed out`;
    expect(draftOf(open).text.replace(/\n# /g, " ")).toContain("? Ask: Does a listing work with ftp and PASV");
  });

  it("takes what is chosen in a form, and gives each other session a variant", () => {
    const log = pastedLogs.filezillaHidden227.trim();
    const form = [
      ["What is wrong, in a line", "The listing hangs since we have TLS"],
      ["What you saw", 'It says "timed out"; with: # and \' in it'],
      ["The client's log", `\`\`\`text\n${log}\n\`\`\``],
      ["What stands between", "server-nat-helper (the same; the router follows FTP)"],
      ["What works in the same place", "ftp, inside"],
      ["What fails there too", "_No response_"],
    ];
    const { bug } = draftOf(form.map(([label = "", value = ""]) => `### ${label}\n\n${value}\n`).join("\n"));
    expect(bug.title).toBe("The listing hangs since we have TLS");
    expect(bug.reported.text).toBe('It says "timed out"; with: # and \' in it');
    expect(bug.variants[0]?.setup.topology.id).toBe("server-nat-helper");
    expect(bug.variants[0]?.shows.cause).toBe("helper-blind-to-tls");
    expect(bug.variants.map(({ id, shows }) => [id, shows.result])).toEqual(
      expect.arrayContaining([
        ["works-ftp", "worked"],
        ["works-inside", "worked"],
      ]),
    );
    expect(contradictions(bug)).toEqual([]);
  });

  it("can be read whatever stands in a log", () => {
    const odd = "220 a: b # c\nUSER x\n530 \"no\" 'way' \\ {host} \u2028 \u0007 &anchor *alias !tag %\ttab";
    expect(draftOf(odd).bug.reported.text).toContain("!tag");
  });

  const login = "220 ProFTPD 1.3.5e Server (files)\nUSER b\n331 c\nPASS d\n230 e\n";

  it("names one cause in its header, its title and its network, and says why it is not the likeliest", () => {
    const { text, bug } = draftOf(pastedLogs.ftplibTimeout);
    const cause = bug.variants[0]?.shows.cause ?? "none";
    expect(text).toMatch(/# {3}1\. passive-address-unroutable/);
    expect(text.replace(/\n# /g, " ")).toContain(
      `The likeliest cause, passive-address-unroutable, cannot be shown by the lab: none of its set-ups is predicted to fail from it. This set-up shows ${cause}.`,
    );
    expect(bug.title).toContain(cause);
    expect(text.replace(/\n# /g, " ")).toContain(`In this network the cause would be ${cause}.`);
  });

  it("is not run where the log names a cause that the lab cannot show", () => {
    const { bug, text } = draftOf("---> CCC\n**** Timeout - reconnecting");
    expect(bug.needs).toBe("a set-up that fails from ccc-unanswered at ccc; the lab has none");
    expect(text).toContain("This set-up shows ccc-refused.");
    expect(draftOf(pastedLogs.basicFtp425).bug.needs).toBeNull();
  });

  it("has a server that names the address which the log's server named", () => {
    const { bug } = draftOf(`${login}PASV\n227 Entering Passive Mode (0,0,0,0,70,80)\nLIST\nConnection timed out`);
    expect(bug.variants[0]?.setup.topology.nodes.find(({ id }) => id === "server")).toMatchObject({
      masqueradeAddress: "0.0.0.0",
    });
    expect(bug.variants[0]?.shows).toMatchObject({ stage: "data-connect", cause: "passive-address-unroutable" });
    expect(contradictions(bug)).toEqual([]);
  });

  it("has a network of the log's address family", () => {
    expect(draftOf(pastedLogs.ftplibEprt).bug.variants[0]?.setup.topology.family).toBe("ipv4");
  });

  it("expects the words of the line on which its cause rests, and none where it rests on silence", () => {
    expect(draftOf(pastedLogs.basicFtp425).bug.variants[0]?.shows.says).toEqual(["Unable to build data connection"]);
    expect(draftOf(pastedLogs.basicFtpTimeout).bug.variants[0]?.shows.says).toEqual([]);
    expect(draftOf(pastedLogs.ftplibTimeout).bug.variants[0]?.shows.says).toEqual([]);
  });

  it("has the release of the client that the log names, where the lab has it, and else says which it has", () => {
    const curl = (version: string): string =>
      `* Connected to 203.0.113.5 (203.0.113.5) port 21\n< 220 a\n> USER b\n< 230 c\n> EPSV\n< 229 d (|||50123|)\n* connect to 203.0.113.5 port 50123 failed: Connection timed out\ncurl ${version}: (28) timed out`;
    expect(draftOf(curl("7.88.1")).bug.variants[0]?.setup.client).toBe("curl-7.88");
    expect(draftOf(curl("7.68.0")).bug.variants[0]?.setup.client).toBe("curl");
    expect(draftOf(curl("7.68.0")).text).toContain("# The report's version: 7.68.0. This one: curl of Debian 13.");
    expect(draftOf(`${login}EPSV\n229 a (|||50123|)\nConnection timed out`).text).toContain(
      "# The report's server: ProFTPD 1.3.5e.",
    );
  });

  it("has the log's transfers in its session", () => {
    const { bug, text } = draftOf(
      `${login}PORT 192,0,2,9,195,80\n200 a\nLIST\n150 b\n226 c\nSIZE x\n213 70000\nEPSV\n229 a (|||50124|)\nRETR x\n425 Unable to build data connection: Connection timed out`,
    );
    expect(bug.variants[0]?.setup.script.steps).toEqual([
      { kind: "transfer", operation: "list", sizes: [] },
      { kind: "transfer", operation: "download", sizes: [70000] },
    ]);
    expect(text).toContain("# In the log 1 transfer worked; here the first is predicted to fail already.");
  });

  it("takes what is said in prose for tried, and keeps the words", () => {
    const log = pastedLogs.filezillaHidden227.trim();
    const { bug, text } = draftOf(
      `Since Monday the listing hangs.\nPlain FTP works, and WinSCP works too.\n\n${log}\n\nActive mode does not work either.`,
    );
    expect(bug.variants.map(({ id, shows }) => [id, shows.result])).toContainEqual(["works-ftp", "worked"]);
    expect(text).toContain("# The reporter says “Plain FTP works”.");
    expect(text).toContain("# The reporter says “Active mode does not work either”.");
    expect(text.replace(/\n# /g, " ")).toContain(
      "The reporter says “WinSCP works too”: another client or place, which no variant tries.",
    );
    expect(contradictions(bug)).toEqual([]);
  });
});
