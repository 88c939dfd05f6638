import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { PageState } from "./state";

/** Goes to another state; `replace` leaves no step for the browser's way back. */
export type Navigate = (change: Partial<PageState>, replace?: boolean) => void;

/**
 * How the page goes on: the same function as long as the page lives, so that a thousand links need not be drawn anew when the
 * state is another. In the static part nothing moves.
 */
export const Navigation = createContext<Navigate>(() => undefined);

export function useNavigate(): Navigate {
  return useContext(Navigation);
}
