/** The values that input files are made of: each with the words of its error and of its hover text. */
import { z } from "zod";
import { results, stages } from "../model/axes";
import { causeIds } from "../model/diagnosis";
import type { AddressRange, PortRange } from "../model/topology";
import { formatAddress, formatSubnet, parseAddress, parseSubnet } from "../net/address";

/** A mapping that takes these keys and no others. */
export function mapping<Shape extends z.core.$ZodLooseShape>(shape: Shape): z.ZodObject<Shape, z.core.$strict> {
  return z.strictObject(shape, {
    // Read by problems.ts, which makes a message of its own for every unknown key.
    error: (issue) => (issue.code === "unrecognized_keys" ? Object.keys(shape).join(" ") : undefined),
  });
}

/** Words for a person: never empty. */
export function prose(description: string): z.ZodString {
  return z
    .string()
    .trim()
    .min(1, "expected some words")
    .max(4000, "expected at most 4000 characters")
    .describe(description);
}

/** What happens in a cell, where it fails and why. */
export const result = z.enum(results).meta({ id: "result" });
export const stage = z.enum(stages).meta({ id: "stage" });
export const cause = z.enum(causeIds, "expected the id of a cause, such as no-helper").meta({ id: "cause" });

/** What nodes and files may be called. */
export const idPattern = /^[a-z][a-z0-9-]*$/;
export const id = z.string().max(40).regex(idPattern);

/** `203.0.113.10` or `2001:db8::10`, given back in its one text form. */
export function address(description: string) {
  return z
    .string()
    .transform((text, context) => {
      const parsed = parseAddress(text);
      if (parsed !== null) return formatAddress(parsed);
      context.addIssue("expected an address such as 203.0.113.10 or 2001:db8::10");
      return z.NEVER;
    })
    .describe(description);
}

/** `203.0.113.0/24`. */
export function subnet(description: string) {
  return z
    .string()
    .transform((text, context) => {
      const parsed = parseSubnet(text);
      if (parsed === null) {
        context.addIssue("expected a subnet such as 203.0.113.0/24 or 2001:db8:1::/64");
        return z.NEVER;
      }
      const written = parseAddress(text.slice(0, text.indexOf("/")));
      if (written?.value !== parsed.base) {
        context.addIssue(`expected the subnet's first address, ${formatSubnet(parsed)}`);
      }
      return formatSubnet(parsed);
    })
    .describe(description);
}

/** One address, or `first-last`. */
export function addressRange(description: string) {
  return z
    .string()
    .transform((text, context): AddressRange => {
      const [first, last, ...rest] = text.split("-").map((part) => parseAddress(part.trim()));
      const end = last === undefined ? first : last;
      if (!first || !end || rest.length > 0) {
        context.addIssue("expected an address, or a range such as 203.0.113.32-203.0.113.223");
        return z.NEVER;
      }
      if (first.family !== end.family || first.value > end.value) {
        context.addIssue("expected a range that ends after it begins");
      }
      return { first: formatAddress(first), last: formatAddress(end) };
    })
    .describe(description);
}

const portWords = "expected a port from 1 to 65535, or a range such as 50000-50999";

const ports = z
  .union(
    [z.int(portWords).min(1, portWords).max(65535, portWords), z.string().regex(/^\d{1,5}-\d{1,5}$/, portWords)],
    portWords,
  )
  .transform((written, context): PortRange => {
    const [first = 0, last = first] = typeof written === "number" ? [written] : written.split("-").map(Number);
    if (first < 1 || last > 65535 || first > last) context.addIssue(portWords);
    return { first, last };
  })
  .meta({ id: "ports" });

/** `21` or `50000-50999`. */
export function portRange(description: string) {
  return ports.describe(description);
}
