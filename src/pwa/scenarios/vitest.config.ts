/** Scenarios need a server: tests/pwa starts one, says where it is, and runs them. */
import { defineConfig } from "vitest/config"

export default defineConfig({ test: { include: ["*.test.ts"], testTimeout: 60_000, maxWorkers: 2 } })
