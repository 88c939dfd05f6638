/** The keys of `topologies/servers/<id>.yaml`; the descriptions become the hover text of editors. */
import { z } from "zod";
import { releaseIds, softwareIds } from "../model/ids";
import { certificateKinds } from "../model/certificate-kind";
import { defaultSoftware, homeRelease, tlsRequiredValues } from "../model/server-profile";
import { mapping, prose } from "./fields";
import { scriptSchema } from "./script-schema";

/** The words of TLSOptions that ProFTPD 1.3.8 knows (contrib/mod_tls.c); with any other it does not start. */
const tlsOptions = [
  "AllowClientRenegotiation",
  "AllowClientRenegotiations",
  "AllowDotLogin",
  "AllowPerUser",
  "AllowWeakDH",
  "AllowWeakSecurity",
  "CommonNameRequired",
  "EnableDiags",
  "ExportCertData",
  "IgnoreSNI",
  "NoAutoECDH",
  "NoEmptyFragments",
  "NoSessionReuseRequired",
  "StdEnvVars",
  "UseImplicitSSL",
  "dNSNameRequired",
  "iPAddressRequired",
] as const;

const protocolWord = "[+-]?(ALL|SSLv23|SSLv3|TLSv1|TLSv1\\.1|TLSv1\\.2|TLSv1\\.3)";

const tlsSchema = mapping({
  protocol: z
    .string()
    .regex(new RegExp(`^${protocolWord}( ${protocolWord})*$`), "expected words of TLSProtocol such as TLSv1.2 TLSv1.3")
    .describe("Value of TLSProtocol, for example `TLSv1.2 TLSv1.3`."),
  options: z
    .array(z.enum(tlsOptions, "expected an option of TLSOptions that ProFTPD 1.3.8 has"))
    .default([])
    .describe("Words of TLSOptions, for example NoSessionReuseRequired."),
  "verify-client": z
    .enum(["on", "off", "optional"])
    .default("off")
    .describe("TLSVerifyClient: whether clients must show a certificate."),
  required: z
    .enum(tlsRequiredValues)
    .describe("TLSRequired: which of control channel, login (auth) and data channel must be protected."),
  certificate: z
    .enum(certificateKinds)
    .default("trusted")
    .describe("The certificate that it presents: one that clients accept (trusted), or what is wrong with it."),
}).describe("The server's TLS settings, in the words of ProFTPD's mod_tls; other servers are set up to match.");

/** TLS as a file says it. */
export type TlsText = z.infer<typeof tlsSchema>;

export const serverSchema = mapping({
  title: prose("A line that says what is special about this server."),
  description: prose("What it demands of clients, and where such a configuration comes from."),
  software: z.enum(softwareIds).default(defaultSoftware).describe("The server's software."),
  release: z.enum(releaseIds).default(homeRelease).describe("Debian's release that the software comes from."),
  "allow-foreign-address": z
    .enum(["on", "off"])
    .optional()
    .describe(
      "AllowForeignAddress: whether data connections may come from or go to other hosts than the control connection. Left out: the directive is not written.",
    ),
  directives: z
    .string()
    .max(20_000, "expected at most 20000 characters")
    .optional()
    .describe("Lines in the software's own configuration language, appended unchanged."),
  script: scriptSchema
    .optional()
    .describe("For `software: scripted`: what it says and does differently from an ordinary server."),
  "config-files": z
    .array(
      z
        .string()
        .min(1, "expected a path")
        .max(200, "expected at most 200 characters")
        .describe("A file, by its path from this one's folder, such as server/proftpd.conf."),
    )
    .min(1)
    .max(64)
    .optional()
    .describe(
      "Your own configuration in place of this profile's: the main file, then those that it includes. `tls` may be " +
        "left out then.",
    ),
  tls: z
    .union([z.literal("none"), tlsSchema], "expected the word none, or a mapping")
    .optional()
    .describe("`none` if the server has no TLS at all; otherwise how TLS is set up."),
}).meta({ title: "A server and how it is set up" });
