import { useRef, useState } from "preact/hooks";
import { visible } from "../../harness/text/escape";
import { texts } from "./texts";

/** Of a line; no rule or option is as long. */
const longest = 4000;

/** Lines to paste, with a button that takes them. They are cut nowhere: half a rule is worse than none. */
export function Paste({ lines, label }: { readonly lines: readonly string[]; readonly label: string }) {
  const [told, setTold] = useState<keyof typeof texts.copy>("copy");
  const block = useRef<HTMLPreElement>(null);
  const take = (): void => {
    if (block.current !== null) getSelection()?.selectAllChildren(block.current);
    // A page from disk may not be allowed to copy: then the text is selected, and the page names the keys.
    navigator.clipboard.writeText(lines.join("\n")).then(
      () => {
        setTold("copied");
      },
      () => {
        setTold("failed");
      },
    );
  };
  return (
    <div class="paste">
      <pre ref={block} dir="ltr" tabIndex={0} aria-label={label}>
        {lines.map((line, index) => (
          <span key={index} class="line">
            {visible(line, longest)
              .split(/(\s+)/)
              .map((word, at) => (at % 2 === 0 && word !== "" ? <span key={at}>{word}</span> : word))}
            {"\n"}
          </span>
        ))}
      </pre>
      <button type="button" onClick={take} aria-label={`${texts.copy[told]}: ${label}`}>
        {texts.copy[told]}
      </button>
    </div>
  );
}
