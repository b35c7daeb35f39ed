/** The order that the dialog is about; null while it is closed. */
import { signal } from "@preact/signals";
import type { Order } from "../api/types";

export const order = signal<Order | null>(null);

/** Open the dialog for these subgraphs (lists of entities), or for what a sampler chooses where there are none. */
export function openOrder(start: Order): void {
  order.value = start;
}
