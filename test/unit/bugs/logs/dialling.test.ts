import { symptomIn } from "../../../support/read-symptom";

const dataReplyTo = (command: string, reply: string) => symptomIn(`${command}\n${reply}`).dataReply;

describe("the reply to a data command", () => {
  it.each([
    ["PASV", "227 Entering Passive Mode (192,0,2,1,195,80)."],
    ["PASV", "227 Entering Passive Mode. 192,0,2,1,195,80"],
    ["PASV", "227-Entering Passive Mode\n227 =192,0,2,1,195,80"],
    ["PASV", "227 Entering Passive Mode (x,x,x,x,195,80)"],
    ["EPSV", "229 Entering Extended Passive Mode (|||46934|)"],
    ["EPSV", "229 Entering Extended Passive Mode (!!!46934!)."],
  ])("is legal: %s answered by %s", (command, reply) => {
    expect(dataReplyTo(command, reply)?.form).toBe("legal");
    expect(symptomIn(`${command}\n${reply}`)).toMatchObject({ result: "cut-off", stage: "data-connect" });
  });

  it.each([
    ["PASV", "227 PASV OK (ftp://0,0,0,0,70,80)", "malformed"],
    ["PASV", "227 Entering Passive Mode (::ffff:192.0.2.1,195,80)", "malformed"],
    ["PASV", "227 Entering Passive Mode (192,0,2,1,300,80)", "malformed"],
    ["PASV", "227 Logout.", "malformed"],
    ["EPSV", "229 Entering Extended Passive Mode (|||0|)", "malformed"],
    ["EPSV", "229 Entering Extended Passive Mode (|1|192.0.2.1|46934|)", "malformed"],
    ["EPSV", "227 Entering Passive Mode (192,0,2,1,195,80)", "other"],
    ["EPSV", "202 Command not implemented, superfluous at this site.", "other"],
    ["EPSV", "200 EPSV command successful.", "other"],
    ["PASV", "229 Entering Extended Passive Mode (|||46934|)", "other"],
    ["EPSV", "500 OOPS: invalid pasv_address", "refused"],
  ])("is none that the standards have: %s answered by %s", (command, reply, form) => {
    expect(dataReplyTo(command, reply)?.form).toBe(form);
    expect(symptomIn(`${command}\n${reply}`)).toMatchObject({ result: "failed", stage: "data-command" });
  });

  it("is the first fault where another command follows it", () => {
    const text = "PASV\n227 PASV OK (ftp://0,0,0,0,70,80)\nPORT 192,0,2,91,253,224\n500 no";
    expect(symptomIn(text)).toMatchObject({ data: "pasv", stage: "data-command", replyCode: null });
  });

  it("may stand in a client's message alone", () => {
    expect(symptomIn("Error: Can't parse response to 'EPSV': 229 Entering (!!!46934!).")).toMatchObject({
      data: "epsv",
      stage: "data-command",
      announced: { address: null, port: 46934 },
      dataReply: { form: "legal", code: 229 },
    });
    const commons =
      "org.apache.commons.net.MalformedServerReplyException: Could not parse extended passive host information.";
    expect(symptomIn(`${commons}\nServer Reply: 227 Entering Passive Mode (192,0,2,1,195,80)`)).toMatchObject({
      data: "epsv",
      dataReply: { form: "other", code: 227 },
    });
  });

  it("is not the classic client's own 421", () => {
    const text = "PASV\n500 OOPS: invalid pasv_address\n421 Service not available, remote server has closed connection";
    expect(symptomIn(text)).toMatchObject({ stage: "data-command", replyCode: 500 });
  });
});

describe("what the client says of the address in 227", () => {
  const refused = "curl: (7) Failed to connect to ftp.example.com port 30010: Connection refused";
  const curl = `* Connected to ftp.example.com (203.0.113.9) port 21 (#0)
> EPSV
< 229 Extended Passive mode OK (|||30010|)
* connect to 203.0.113.9 port 30010 failed: Connection refused
* Failed EPSV attempt. Disabling EPSV
> PASV
< 227 Entering Passive Mode (192,168,1,5,117,58)
* Skip 192.168.1.5 for data connection, uses ftp.example.com instead
*   Trying 203.0.113.9:30010...
${refused}`;

  it.each<[string, string]>([
    ["curl", curl],
    [
      "lftp",
      "---> PASV\n<--- 227 f (192,168,1,5,117,58)\n---- Address returned by PASV seems to be incorrect and has been fixed\n---- Connecting data socket to (203.0.113.9) port 30010\n**** Timeout",
    ],
    [
      "WinSCP",
      "> 2026-01-01 10:00:00.0 PASV\n< 2026-01-01 10:00:00.0 227 f (192,168,1,5,117,58)\n. 2026-01-01 10:00:00.0 Server sent passive reply with unroutable address 192.168.1.5, using host address instead.\n. 2026-01-01 10:00:00.0 Connecting to 203.0.113.9:30010 ...\n. 2026-01-01 10:00:15.0 Timeout detected. (data connection)",
    ],
  ])("outranks what 227 names: %s", (_, text) => {
    expect(symptomIn(text)).toMatchObject({
      data: "pasv",
      announced: { address: "192.168.1.5", port: 30010 },
      dataDialled: { address: "203.0.113.9", port: 30010 },
      replaced: true,
    });
  });

  it("is all that is known of what was dialled", () => {
    const filezilla = `Befehl:	PASV
Antwort:	227 f (192,168,1,5,117,58)
Status:	Vom Server gesendete Adresse für den Passiv-Modus ist nicht routingfähig. Benutze stattdessen die Serveradresse.
Befehl:	MLSD
Fehler:	Zeitüberschreitung der Verbindung nach 20 Sekunden Inaktivität`;
    expect(symptomIn(filezilla)).toMatchObject({ replaced: true, dataDialled: null, mode: null });
    expect(symptomIn("PASV\n227 f (192,168,1,5,117,58)\nLIST\n425 g")).toMatchObject({
      replaced: false,
      dataDialled: null,
    });
  });
});
