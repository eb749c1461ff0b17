import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

// `npm run dev` serves the page with hot reload and passes the API's paths on to a gateway that is already running.
const gateway = process.env.PUSHJUDGE_URL ?? "http://127.0.0.1:2358";

export default defineConfig({
  plugins: [react()],
  // React and the editor's core are one chunk of 200 KiB on the wire; the grammars come apart, each when it is needed.
  build: { target: "es2022", chunkSizeWarningLimit: 700 },
  server: {
    proxy: {
      "/submissions": gateway,
      "/languages": gateway,
      "/ws": { target: gateway, ws: true },
    },
  },
  test: { environment: "jsdom", include: ["src/**/*.test.{ts,tsx}"], testTimeout: 20_000 },
});
