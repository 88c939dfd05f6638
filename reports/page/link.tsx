import type { ComponentChildren } from "preact";
import { useNavigate } from "./navigation";
import type { PageState } from "./state";
import { firstState, hashOf } from "./state";

/** A link within the page: a plain click keeps the rest of the state, and opened elsewhere it shows the same by itself. */
export function To({
  change,
  children,
  ...attributes
}: {
  readonly change: Partial<PageState>;
  readonly children: ComponentChildren;
  readonly class?: string;
  readonly current?: boolean;
}) {
  const go = useNavigate();
  const { current, ...rest } = attributes;
  return (
    <a
      {...rest}
      href={hashOf({ ...firstState, ...change })}
      aria-current={current === true ? "page" : undefined}
      onClick={(event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        go(change);
      }}
    >
      {children}
    </a>
  );
}
