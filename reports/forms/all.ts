// Written by `npm run generate`, which keeps this order and puts what is new at the end.
import type { ReportForm } from "./definition";
import { json } from "./json";
import { markdown } from "./markdown";
import { html } from "./html";
import { junit } from "./junit";
import { ctrf } from "./ctrf";

/** Every form of a report, in the order in which they are written. */
export const reportForms: readonly ReportForm[] = [json, markdown, html, junit, ctrf];
