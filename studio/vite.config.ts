import { defineConfig } from "vitest/config";

export default defineConfig({
  build: {
    outDir: "../entigraph/web/static",
    emptyOutDir: true,
    assetsInlineLimit: 0, // the Content-Security-Policy lets nothing inline run
    modulePreload: { polyfill: false },
    target: "es2022",
  },
  server: { proxy: { "/api": "http://127.0.0.1:8321" } },
  worker: { format: "es" },
  test: { include: ["src/**/*.test.{ts,tsx}"] },
});
