import { visible } from "../../harness/text/escape";

/** Foreign text: what is invisible or runs backwards gets a visible form, and what is long is cut. */
export function Foreign({ text, limit = 400 }: { readonly text: string; readonly limit?: number }) {
  return <>{visible(text, limit)}</>;
}

/** Longest description of a network. */
const longestProse = 3000;

/** Prose of a topology's file, in which names stand between backticks. */
export function Prose({ text }: { readonly text: string }) {
  const parts = visible(text, longestProse).split("`");
  return <>{parts.map((part, index) => (index % 2 === 1 ? <code key={index}>{part}</code> : part))}</>;
}

/** Foreign text in a fixed-width face. Its direction is its own. */
export function Code({ text, limit }: { readonly text: string; readonly limit?: number }) {
  return (
    <code dir="ltr">
      <Foreign text={text} {...(limit === undefined ? {} : { limit })} />
    </code>
  );
}
