/** Builds the page, the engine's worker and the service worker into the Python package; runs the unit tests. */
import { createHash } from "node:crypto"
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { build, type Plugin } from "vite"
import { defineConfig } from "vitest/config"

const { version } = JSON.parse(readFileSync(new URL("package.json", import.meta.url), "utf8")) as { version: string }
const builtFolder = new URL("../lien/web/built/", import.meta.url).pathname

function listFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length))
    .sort()
}

/** After the page is written: one more build, of `/sw.js`, which knows the name of every file of the shell. */
function serviceWorker(): Plugin {
  return {
    name: "lien-service-worker",
    apply: "build",
    enforce: "post",
    async closeBundle() {
      const all = listFiles(builtFolder).filter((file) => file !== "sw.js" && !file.endsWith(".map"))
      // The reader of PDF is kept once it was used: most of the program's weight, needed by no first screen.
      const isLazy = (file: string): boolean => /^assets\/pdf[.-]/.test(file)
      const files = all.filter((file) => !isLazy(file))
      const digest = createHash("sha256")
      for (const file of files) digest.update(file).update(readFileSync(join(builtFolder, file)))
      await build({
        configFile: false,
        publicDir: false,
        logLevel: "warn",
        define: {
          __SHELL__: JSON.stringify(files.map((file) => (file === "index.html" ? "/" : `/${file}`))),
          __LAZY__: JSON.stringify(all.filter(isLazy).map((file) => `/${file}`)),
          __SHELL_VERSION__: JSON.stringify(digest.digest("hex").slice(0, 16)),
        },
        build: {
          target: "es2023",
          outDir: builtFolder,
          emptyOutDir: false,
          lib: { entry: new URL("sw/main.ts", import.meta.url).pathname, formats: ["iife"], name: "sw", fileName: () => "sw.js" },
        },
      })
    },
  }
}

export default defineConfig({
  define: { __LIEN_VERSION__: JSON.stringify(version) },
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  worker: { format: "es", rolldownOptions: { output: { entryFileNames: "assets/engine-[hash].js" } } },
  build: {
    outDir: builtFolder,
    emptyOutDir: true,
    assetsDir: "assets",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: "es2023",
  },
  plugins: [serviceWorker()],
  test: {
    include: ["{protocol,bridge,engine,ui,sw}/**/*.test.{ts,tsx}"],
    setupFiles: ["./ui/i18n/complete.ts"],
    env: { TZ: "Indian/Reunion" },
    // A screen is loaded when it is first opened: on a busy machine that takes its time.
    testTimeout: 30_000,
  },
})
