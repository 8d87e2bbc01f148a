/** Scenarios need a server: tests/pwa starts one, says where it is, and runs them. */
import { defineConfig } from "vitest/config"

// Much patience: a machine may be busy, and a phone that is unlocked while its server is slow may wait for a gesture before it tries again.
export default defineConfig({ test: { include: ["*.test.ts"], testTimeout: 120_000, maxWorkers: 2 } })
