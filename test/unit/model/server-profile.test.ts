import { demandsOf, demandsSessionReuse, tlsRequiredValues } from "../../../harness/model/server-profile";
import { profiles } from "../../support/inputs";

// prettier-ignore
const table = [
  // TLSRequired  control auth   data
  ["off",         false,  false, "free"],
  ["on",          true,   true,  "required"],
  ["ctrl",        true,   true,  "free"],
  ["control",     true,   true,  "free"],
  ["both",        true,   true,  "required"],
  ["auth",        false,  true,  "free"],
  ["data",        false,  false, "required"],
  ["!data",       false,  false, "forbidden"],
  ["auth+data",   false,  true,  "required"],
  ["auth+!data",  false,  true,  "forbidden"],
  ["ctrl+data",   true,   true,  "required"],
  ["ctrl+!data",  true,   true,  "forbidden"],
] as const;

describe("TLSRequired", () => {
  it.each(table)("%s demands what mod_tls says of control, login and data", (required, control, auth, data) => {
    expect(demandsOf(required)).toEqual({ control, auth, data });
  });

  it("is said for every value", () => {
    expect(table.map(([required]) => required)).toEqual([...tlsRequiredValues]);
  });
});

it("a server wants TLS sessions resumed unless NoSessionReuseRequired is among its options", () => {
  const demands = profiles.flatMap(({ id, tls }) => (tls === null ? [] : [[id, demandsSessionReuse(tls)]]));
  expect(demands).toEqual([
    ["proftpd-bookworm", false],
    ["pure-ftpd", false],
    ["pure-ftpd-required", false],
    ["pyftpdlib", false],
    ["scripted", false],
    ["tls-auth-data", false],
    ["tls-optional", false],
    ["tls-optional-own-peer", false],
    ["tls-required", false],
    ["tls-required-reuse", true],
    ["vsftpd", false],
    ["vsftpd-required", false],
    ["vsftpd-reuse", true],
  ]);
});
