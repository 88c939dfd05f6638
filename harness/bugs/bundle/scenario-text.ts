/** A scenario's text without what is personal: what is redacted are its values, however they are written. */
import { isScalar, parseDocument, visit } from "yaml";
import type { Redactor } from "./redactor";

/** Every text that a scenario's file holds, as written and as read; words of a command line also in a row. */
export function textsIn(source: string): readonly string[] {
  const texts = [source];
  const collect = (value: unknown): void => {
    if (typeof value === "string") texts.push(value);
    else if (Array.isArray(value)) {
      if (value.every((item) => typeof item === "string")) texts.push(value.join(" "));
      value.forEach(collect);
    } else if (typeof value === "object" && value !== null) Object.values(value).forEach(collect);
  };
  collect(parseDocument(source).toJS() as unknown);
  return texts;
}

/** The scenario, comments included, as YAML that reads the same but for stand-ins. */
export function redactedScenario(source: string, redactor: Redactor): string {
  const document = parseDocument(source);
  const told = (text: string | null | undefined): string | null =>
    typeof text === "string" ? redactor.text(text) : null;
  document.commentBefore = told(document.commentBefore);
  document.comment = told(document.comment);
  visit(document, {
    Node: (_, node) => {
      node.commentBefore = told(node.commentBefore);
      node.comment = told(node.comment);
      if (!isScalar(node)) return;
      const written = typeof node.value === "string" ? node.value : (node.source ?? String(node.value));
      const redacted = redactor.text(written);
      if (redacted !== written) node.value = redacted;
    },
  });
  return document.toString({ lineWidth: 0 });
}
