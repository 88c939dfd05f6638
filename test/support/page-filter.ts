import type { Page } from "playwright-core";

/** Types a filter and waits for the next picture; gives how long that took, in ms. */
export async function showFiltered(page: Page, query: string): Promise<number> {
  return page.evaluate<number>(`new Promise((resolve) => {
    const input = document.querySelector("#filter");
    const startedAt = performance.now();
    input.value = ${JSON.stringify(query)};
    input.dispatchEvent(new Event("input", { bubbles: true }));
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => resolve(performance.now() - startedAt);
    // What is posted in a frame comes after its picture, and before what waits for idle time.
    requestAnimationFrame(() => port2.postMessage(null));
  })`);
}
