import { signal } from "@preact/signals";
import type { Canvas } from "./canvas";

/** The canvas on screen, for what draws it into a file or brings a node to the middle. */
export const canvas = signal<Canvas | null>(null);
