/** One file of everything that a phone of tests/twelve runs: the engine as it is, and what stands in for its browser. */
import { defineConfig } from "vite"

export default defineConfig({
  logLevel: "warn",
  publicDir: false,
  build: { ssr: "scenarios/phone.ts", outDir: ".build/phone", target: "node20", emptyOutDir: true, minify: false },
})
