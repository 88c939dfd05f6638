import { visible } from "../escape";

/** Foreign text: what is invisible or runs backwards gets a visible form, and what is long is cut. */
export function Foreign({ text, limit = 400 }: { readonly text: string; readonly limit?: number }) {
  return <>{visible(text, limit)}</>;
}

/** The same in a fixed-width face. Its direction is its own. */
export function Code({ text, limit }: { readonly text: string; readonly limit?: number }) {
  return (
    <code dir="ltr">
      <Foreign text={text} {...(limit === undefined ? {} : { limit })} />
    </code>
  );
}
