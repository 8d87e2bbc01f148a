/** Scenarios need a server: tests/pwa starts one, says where it is, and runs them. */
import { defineConfig } from "vitest/config"

// On a machine so busy that the server takes 3 s to answer, an unlocked phone opens without it, and stays offline until the next gesture.
export default defineConfig({ test: { include: ["*.test.ts"], testTimeout: 120_000, maxWorkers: 2 } })
